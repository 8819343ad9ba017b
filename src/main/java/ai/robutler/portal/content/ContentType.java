package ai.robutler.portal.content;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What kind of content a file has: as its first bytes show, and else as its sender says. */
final class ContentType {
    /** How many of a file's first bytes are looked at. */
    static final int LOOK_BYTES = 1024;

    /** Anything. */
    static final String BYTES = "application/octet-stream";

    private static final String TEXT = "text/plain";
    private static final Pattern TYPE =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}");

    /** What a browser would run; matched within a type. */
    private static final Pattern ACTIVE = Pattern.compile("html|xml|svg|script|flash|java|wasm|message/|multipart/");

    private static final Pattern MARKUP = Pattern.compile(
            "(?is)^\\s*(<\\?xml|<!doctype|<!--|<html|<head|<body|<script|<iframe|<svg|<style|<meta|<table|<a |<img|<h1).*");

    private static final Map<String, String> SIGNATURES = Map.ofEntries(
            Map.entry("\u0089PNG\r\n\u001a\n", "image/png"),
            Map.entry("\u00ff\u00d8\u00ff", "image/jpeg"),
            Map.entry("GIF87a", "image/gif"),
            Map.entry("GIF89a", "image/gif"),
            Map.entry("%PDF-", "application/pdf"),
            Map.entry("PK\u0003\u0004", "application/zip"),
            Map.entry("\u001f\u008b", "application/gzip"),
            Map.entry("OggS", "audio/ogg"),
            Map.entry("ID3", "audio/mpeg"),
            Map.entry("MZ", "application/x-msdownload"),
            Map.entry("\u007fELF", "application/x-executable"));

    private ContentType() {}

    /**
     * The type to store: the sender's where the content does not show another.
     *
     * @param declared the part's {@code Content-Type}
     * @param start the file's first bytes, at most {@link #LOOK_BYTES}
     */
    static String of(Optional<String> declared, byte[] start) {
        String said = declared.map(type -> type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
                .filter(type -> TYPE.matcher(type).matches() && !type.equals(BYTES))
                .orElse("");
        String shown = shown(start);
        if (shown.equals(BYTES)) {
            boolean contradicted = said.startsWith("text/") || SIGNATURES.containsValue(said);
            return said.isEmpty() || (contradicted && start.length > 0) ? BYTES : said;
        }
        if (shown.equals(TEXT)) {
            return said.isEmpty() || said.startsWith("image/") || SIGNATURES.containsValue(said) ? TEXT : said;
        }
        // formats that are archives or markup inside say more of themselves than their first bytes
        boolean more = (shown.equals("application/zip") && said.startsWith("application/"))
                || (shown.equals("text/html") && ACTIVE.matcher(said).find());
        return more ? said : shown;
    }

    /** The type that a download is sent with: one that no browser runs. */
    static String served(String stored) {
        return ACTIVE.matcher(stored).find() ? BYTES : stored.equals(TEXT) ? "text/plain; charset=utf-8" : stored;
    }

    private static String shown(byte[] start) {
        String latin = new String(start, StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
            if (latin.startsWith(signature.getKey())) {
                return signature.getValue();
            }
        }
        if (latin.startsWith("RIFF") && latin.startsWith("WEBP", 8)) {
            return "image/webp";
        }
        if (start.length == 0 || !isText(start)) {
            return BYTES;
        }
        String text = latin.startsWith("\u00ef\u00bb\u00bf") ? latin.substring(3) : latin;
        return MARKUP.matcher(text).matches() ? "text/html" : TEXT;
    }

    /** Whether it is UTF-8 without controls; its last character may be cut. */
    private static boolean isText(byte[] start) {
        for (byte one : start) {
            if (one >= 0 && one < ' ' && one != '\n' && one != '\r' && one != '\t' && one != '\f') {
                return false;
            }
        }
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(start), CharBuffer.allocate(start.length), false);
        return !result.isError();
    }
}
