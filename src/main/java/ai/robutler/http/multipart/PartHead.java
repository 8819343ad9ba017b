package ai.robutler.http.multipart;

import ai.robutler.api.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a part's content.
 *
 * @param name the form field's name
 * @param fileName the file's name as the caller sent it, which may be anything; empty for a plain field
 * @param contentType the part's {@code Content-Type}; empty when it has none
 */
public record PartHead(String name, Optional<String> fileName, Optional<String> contentType) {

    /**
     * Reads the lines of a part's head.
     *
     * @throws ApiException 400 when they do not name a form field
     */
    static PartHead of(byte[] lines) {
        Map<String, String> headers = headers(text(lines));
        String disposition = headers.get("content-disposition");
        if (disposition == null) {
            throw malformed("a part has no Content-Disposition");
        }
        Map<String, String> parameters = parameters(disposition);
        String name = parameters.get("name");
        if (name == null || !disposition.strip().toLowerCase(Locale.ROOT).startsWith("form-data")) {
            throw malformed("a part's Content-Disposition is not form-data with a name");
        }
        String extended = decoded(parameters.get("filename*"));
        return new PartHead(
                name,
                Optional.ofNullable(extended == null ? parameters.get("filename") : extended),
                Optional.ofNullable(headers.get("content-type")));
    }

    static ApiException malformed(String why) {
        return ApiException.inField("body", "The multipart body is malformed: " + why);
    }

    /** Old clients send names in ISO 8859-1. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new HashMap<>();
        for (String line : text.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            } else if (!line.isEmpty()) {
                throw malformed("a line of a part's head has no colon");
            }
        }
        return headers;
    }

    /** The parameters behind the first semicolon; the first of each name counts. */
    static Map<String, String> parameters(String header) {
        Map<String, String> parameters = new HashMap<>();
        int at = next(header, 0, ';');
        while (at < header.length()) {
            int end = next(header, at + 1, ';');
            String parameter = header.substring(at + 1, end);
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(
                        parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(parameter.substring(equals + 1).strip()));
            }
            at = end;
        }
        return parameters;
    }

    /** Where the character stands next outside of quotes; the text's length when it does not. */
    private static int next(String text, int from, char wanted) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                i++;
            } else if (!quoted && c == wanted) {
                return i;
            }
        }
        return text.length();
    }

    /** A backslash before anything but a quote or itself is one: old browsers send a whole path. */
    private static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        return value.substring(1, value.length() - 1)
                .replace("\\\\", "\\")
                .replace("\\\"", "\"")
                .replace("%22", "\"");
    }

    /** A value such as {@code UTF-8''na%C3%AFve.txt} (RFC 8187); null for one that is not like that. */
    private static @Nullable String decoded(@Nullable String value) {
        String[] parts = value == null ? new String[0] : value.split("'", 3);
        if (parts.length != 3 || !parts[0].toUpperCase(Locale.ROOT).matches("UTF-8|ISO-8859-1")) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < parts[2].length(); i++) {
            char c = parts[2].charAt(i);
            int hex = c == '%' && i + 2 < parts[2].length() ? hex(parts[2], i + 1) : -1;
            if (hex >= 0) {
                bytes.write(hex);
                i += 2;
            } else if (c != '%' && c > ' ' && c < 127) {
                bytes.write(c);
            } else {
                return null;
            }
        }
        return new String(bytes.toByteArray(), Charset.forName(parts[0]));
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
