package ai.robutler.portal;

import ai.robutler.api.ApiException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The fields of a request's body, each found in camelCase and in snake_case. A field that is absent or null is empty; one of
 * the wrong kind is a 400 that names it as it was sent.
 */
public final class Fields {
    /** Credits have at most so many decimals: they are held as whole millionths. */
    public static final int DECIMALS = 6;

    private static final BigDecimal MOST_CREDITS = new BigDecimal("1000000000");

    private final ObjectNode body;

    /** The fields of this body. */
    public Fields(ObjectNode body) {
        this.body = body;
    }

    /** Whether the field was sent, be it as null. */
    public boolean has(String name) {
        return body.has(name) || body.has(snake(name));
    }

    /** The text of at most so many characters. */
    public Optional<String> text(String name, int most) {
        Optional<Found> found = find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String text = found.get().value().textValue();
        if (text == null) {
            throw found.get().wrong("must be a string");
        }
        if (text.length() > most) {
            throw found.get().wrong("may have at most " + most + " characters; it has " + text.length());
        }
        if (text.indexOf('\0') >= 0) {
            throw found.get().wrong("must not contain the character NUL");
        }
        return Optional.of(text);
    }

    /** The same where it must be there and not blank. */
    public String requiredText(String name, int most) {
        return text(name, most)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> ApiException.inField(name, "The field '" + name + "' is missing; it takes a text"));
    }

    /** True or false. */
    public Optional<Boolean> flag(String name) {
        return find(name).map(found -> {
            if (!found.value().isBoolean()) {
                throw found.wrong("must be true or false");
            }
            return found.value().booleanValue();
        });
    }

    /** A whole number from {@code least} to {@code most}. */
    public OptionalLong whole(String name, long least, long most) {
        Optional<Found> found = find(name);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        JsonNode value = found.get().value();
        boolean whole = value.isIntegralNumber() || (value.isNumber() && value.doubleValue() % 1 == 0);
        if (!whole || !value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
            throw found.get().wrong("must be a whole number from " + least + " to " + most);
        }
        return OptionalLong.of(value.longValue());
    }

    /** A number from {@code least} to {@code most}. */
    public OptionalDouble number(String name, double least, double most) {
        Optional<Found> found = find(name);
        if (found.isEmpty()) {
            return OptionalDouble.empty();
        }
        JsonNode value = found.get().value();
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw found.get().wrong("must be a number from " + plain(least) + " to " + plain(most));
        }
        return OptionalDouble.of(value.doubleValue());
    }

    /**
     * Credits or percents from 0 on, in millionths: a JSON number, a decimal string or an exponent; more than six decimals are
     * rounded half up.
     */
    public OptionalLong millionths(String name) {
        Optional<Found> found = find(name);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        BigDecimal amount = decimal(found.get());
        if (amount.signum() < 0 || amount.compareTo(MOST_CREDITS) > 0) {
            throw found.get().wrong("must be from 0 to " + MOST_CREDITS);
        }
        return OptionalLong.of(amount.movePointRight(DECIMALS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact());
    }

    private static BigDecimal decimal(Found found) {
        String text = found.value().isNumber()
                ? found.value().asText()
                : found.value().textValue();
        try {
            if (text != null && text.length() <= 64) {
                BigDecimal amount = new BigDecimal(text.strip());
                if (Math.abs((long) amount.scale()) <= 64) {
                    return amount;
                }
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        throw found.wrong("must be a number such as 12.5 or \"12.5\"");
    }

    /** A list of texts. */
    public Optional<List<String>> texts(String name, int mostEntries, int mostCharacters) {
        return find(name).map(found -> {
            if (!found.value().isArray() || found.value().size() > mostEntries) {
                throw found.wrong("must be a list of at most " + mostEntries + " texts");
            }
            List<String> texts = new ArrayList<>();
            for (JsonNode entry : found.value()) {
                String text = entry.textValue();
                if (text == null || text.length() > mostCharacters || text.indexOf('\0') >= 0) {
                    throw found.wrong(
                            "[" + texts.size() + "] must be a text of at most " + mostCharacters + " characters");
                }
                texts.add(text);
            }
            return List.copyOf(texts);
        });
    }

    /** A list of objects. */
    public Optional<List<Fields>> objects(String name, int mostEntries) {
        return find(name).map(found -> {
            if (!found.value().isArray()
                    || found.value().isEmpty()
                    || found.value().size() > mostEntries) {
                throw found.wrong("must be a list of 1 to " + mostEntries + " objects");
            }
            List<Fields> objects = new ArrayList<>();
            for (JsonNode entry : found.value()) {
                if (!(entry instanceof ObjectNode object)) {
                    throw found.wrong("[" + objects.size() + "] must be an object");
                }
                objects.add(new Fields(object));
            }
            return List.copyOf(objects);
        });
    }

    /** The JSON value as it was sent. */
    public Optional<JsonNode> any(String name) {
        return find(name).map(Found::value);
    }

    /** Refuses limits that are not kept: 400 for each that is sent with a value. */
    public void refuseLimits(String... names) {
        for (String name : names) {
            find(name).ifPresent(found -> {
                throw found.wrong("is a limit that this server does not enforce; leave it out");
            });
        }
    }

    private Optional<Found> find(String name) {
        for (String spelling : List.of(name, snake(name))) {
            JsonNode value = body.get(spelling);
            if (value != null && !value.isNull()) {
                return Optional.of(new Found(spelling, value));
            }
        }
        return Optional.empty();
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private record Found(String name, JsonNode value) {
        ApiException wrong(String what) {
            String text = what.startsWith("[") ? name + what : "The field '" + name + "' " + what;
            return ApiException.inField(name, text);
        }
    }
}
