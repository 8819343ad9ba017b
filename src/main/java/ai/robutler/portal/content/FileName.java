package ai.robutler.portal.content;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of files that are safe to show, to store and to be saved under by whoever downloads them. */
final class FileName {
    /** Longest name, in bytes of UTF-8; leaves room for a number within the 255 that file systems take. */
    static final int MOST_BYTES = 240;

    private static final int MOST_EXTENSION = 20;
    private static final String NAMELESS = "file";
    /** Dots, separators, percent signs and control characters that somebody further on might decode. */
    private static final Pattern ESCAPED = Pattern.compile("(?i)%(2e|2f|5c|25|3a|[01][0-9a-f]|7f)");

    /** Controls, invisible format characters such as right-to-left overrides, halves of characters, line separators. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]");

    private static final Pattern RESERVED = Pattern.compile("[<>:\"|?*]");
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

    private FileName() {}

    /** What is left of a name that a caller sent, without folders; never empty. */
    static String clean(String sent) {
        String name = INVISIBLE
                .matcher(Normalizer.normalize(sent, Normalizer.Form.NFC))
                .replaceAll("");
        name = ESCAPED.matcher(name).replaceAll("_").replace('\\', '/');
        name = name.substring(name.lastIndexOf('/') + 1);
        name = RESERVED.matcher(name).replaceAll("_").replaceAll("\\p{Zs}+", " ");
        name = name.replaceAll("^[. ]+|[. ]+$", "");
        if (name.isEmpty()) {
            return NAMELESS;
        }
        String stem = name.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT).strip();
        if (DEVICES.contains(stem) || stem.matches("(com|lpt)[0-9]")) {
            name = "_" + name;
        }
        return shortened(name);
    }

    /** The name with a number of at most 8 digits before its extension, such as {@code report (2).pdf}. */
    static String numbered(String name, String number) {
        int dot = extensionAt(name);
        return name.substring(0, dot) + " (" + number + ")" + name.substring(dot);
    }

    private static String shortened(String name) {
        if (bytes(name) <= MOST_BYTES) {
            return name;
        }
        int dot = extensionAt(name);
        String extension = name.substring(dot);
        int end = dot;
        while (bytes(name.substring(0, end)) + bytes(extension) > MOST_BYTES) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + extension;
    }

    /** Where the last dot is; the end when there is none or what follows is too long to be an extension. */
    private static int extensionAt(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 || name.length() - dot > MOST_EXTENSION ? name.length() : dot;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
