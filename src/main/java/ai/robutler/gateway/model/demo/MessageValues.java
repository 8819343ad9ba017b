package ai.robutler.gateway.model.demo;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that a message holds: numbers, quoted words, named places. Each number is handed out once. */
final class MessageValues {
    private static final int MAX_CHARS = 4_096;
    private static final int MAX_VALUE_CHARS = 200;
    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\p{L}\\d.])-?\\d{1,15}(?:\\.\\d{1,9})?(?![\\p{L}\\d])");
    private static final Pattern QUOTED = Pattern.compile(
            "\"([^\"]{1,200})\"|“([^”]{1,200})”|«([^»]{1,200})»|`([^`]{1,200})`|(?<!\\p{L})'([^']{1,200})'(?!\\p{L})");
    private static final Pattern NAMED_AFTER_PREPOSITION = Pattern.compile(
            "\\b(?:in|for|at|from|to|of|about|on)\\s+(\\p{Lu}[\\p{L}\\p{N}'-]*(?:\\s+\\p{Lu}[\\p{L}\\p{N}'-]*){0,4})");
    private static final Pattern YES = Pattern.compile("\\b(?:true|yes|on|enable|enabled)\\b");
    private static final Pattern NO = Pattern.compile("\\b(?:false|no|not|off|disable|disabled|without)\\b");
    private static final Map<String, Pattern> FORMATS = Map.of(
            "email", Pattern.compile("[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}"),
            "uri", Pattern.compile("https?://[^\\s\"'<>]{1,500}"),
            "date", Pattern.compile("\\d{4}-\\d{2}-\\d{2}"),
            "date-time", Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:Z|[+-]\\d{2}:\\d{2})"),
            "time", Pattern.compile("\\d{2}:\\d{2}:\\d{2}Z?"));
    private static final Map<String, String> PLAIN = Map.of(
            "email", "someone@example.com",
            "uri", "https://example.com/",
            "date", "2026-01-01",
            "date-time", "2026-01-01T00:00:00Z",
            "time", "00:00:00Z",
            "uuid", "00000000-0000-0000-0000-000000000000");

    private final String message;
    private final String lower;
    private final Matcher numbers;

    /** Values of the first 4096 characters of a message. */
    MessageValues(String message) {
        this.message = message.length() > MAX_CHARS ? message.substring(0, MAX_CHARS) : message;
        this.lower = this.message.toLowerCase(Locale.ROOT);
        this.numbers = NUMBER.matcher(this.message);
    }

    /** The next number of the message; where a whole one is wanted, others are passed over. */
    Optional<BigDecimal> nextNumber(boolean whole) {
        while (numbers.find()) {
            BigDecimal number = new BigDecimal(numbers.group());
            if (!whole || number.scale() == 0) {
                return Optional.of(number);
            }
        }
        return Optional.empty();
    }

    /** Whether the message says yes or no, in such words; empty when it says neither. */
    Optional<Boolean> truth() {
        if (NO.matcher(lower).find()) {
            return Optional.of(false);
        }
        return YES.matcher(lower).find() ? Optional.of(true) : Optional.empty();
    }

    /** Whether the message has this word or these words, in any case. */
    boolean mentions(String words) {
        String wanted = words.toLowerCase(Locale.ROOT);
        return !wanted.isEmpty()
                && Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(wanted) + "(?![\\p{L}\\p{N}])")
                        .matcher(lower)
                        .find();
    }

    /**
     * The value that the message has for a parameter: one in the wanted format, else {@code name: value} or
     * {@code name=value}, else what is quoted, else a name in capitals after a preposition, as in "weather in Paris".
     */
    Optional<String> text(String parameter, String format) {
        Pattern wanted = FORMATS.get(format);
        if (wanted != null) {
            return first(wanted.matcher(message));
        }
        if (PLAIN.containsKey(format)) {
            return Optional.empty();
        }
        Pattern assigned = Pattern.compile(
                "\\b" + Pattern.quote(parameter) + "\\s{0,9}[:=]\\s{0,9}([^\\s,;\"]{1,200})", Pattern.CASE_INSENSITIVE);
        return first(assigned.matcher(message))
                .or(() -> first(QUOTED.matcher(message)))
                .or(() -> first(NAMED_AFTER_PREPOSITION.matcher(message)));
    }

    /** A value of the format that says nothing; empty for a format without one. */
    static Optional<String> plainText(String format) {
        return Optional.ofNullable(PLAIN.get(format));
    }

    /** The message itself, shortened to 200 characters. */
    String whole() {
        return Passages.shortened(message.strip(), MAX_VALUE_CHARS);
    }

    private static Optional<String> first(Matcher matcher) {
        if (!matcher.find()) {
            return Optional.empty();
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            String value = matcher.group(group);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.of(matcher.group());
    }
}
