package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Texts of others, made fit to be shown: nothing in them moves the cursor, breaks a line or tells a key. */
final class Texts {
    private static final Pattern CONTROL = Pattern.compile(
            "[\\p{Cntrl}\\x{80}-\\x{9f}\\p{Zl}\\p{Zp}&&[^\\n\\t]]" + "|[\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");
    private static final Pattern SECRET = Pattern.compile("\\b(rok|pt)_[A-Za-z0-9_.-]+");

    private Texts() {}

    /** What a field holds, for a person; a dash when it holds nothing. */
    static String shown(JsonNode value) {
        if (plain(value).isEmpty()) {
            return "-";
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "yes" : "no";
        }
        return clean(plain(value));
    }

    /** What a field holds, in full; empty when it holds nothing. */
    static String plain(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (value.isNumber()) {
            return value.isIntegralNumber()
                    ? value.asText()
                    : value.decimalValue().toPlainString();
        }
        if (!value.isArray()) {
            return value.isValueNode() ? value.asText() : value.toString();
        }
        List<String> parts = new ArrayList<>();
        value.forEach(part -> parts.add(part.isValueNode() ? part.asText() : part.toString()));
        return String.join(", ", parts);
    }

    /** The text without what a terminal would obey, but with its line ends. */
    static String clean(String text) {
        return CONTROL.matcher(text.replace("\r\n", "\n")).replaceAll("\uFFFD");
    }

    /** The text in one line. */
    static String oneLine(String text) {
        return clean(text.replaceAll("\\s*[\\r\\n]+\\s*", " ").replace('\t', ' '))
                .strip();
    }

    /** The text without the keys and tokens that it holds. */
    static String withoutSecrets(String text) {
        return SECRET.matcher(text).replaceAll("$1_***");
    }

    /** How many columns of a terminal the text takes. */
    static int width(String text) {
        return text.codePoints().map(Texts::width).sum();
    }

    /** The beginning of the text that takes no more columns, with a mark when something is left out. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int taken = 1;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int point = text.codePointAt(at);
            taken += width(point);
            if (taken > columns) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.append('…').toString();
    }

    private static int width(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = (point >= 0x1100 && point <= 0x115F)
                || (point >= 0x2E80 && point <= 0xA4CF)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0xF900 && point <= 0xFAFF)
                || (point >= 0xFE30 && point <= 0xFE6F)
                || (point >= 0xFF00 && point <= 0xFF60)
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x1F300 && point <= 0x1F9FF)
                || (point >= 0x20000 && point <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
