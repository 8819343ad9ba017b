package ai.robutler;

import ai.robutler.routing.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every setting with its value: the shipped {@code application.properties}, under the edited file, under environment
 * variables, under JVM properties. Placeholders are resolved, {@code {{env:A|B:else}}} to the first variable that is set; what cannot be read names its key and the fix.
 */
public final class Settings {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)\\}\\}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)?");
    private static final Pattern OURS = Pattern.compile("(gateway|robutler|portal|database)\\.");
    private static final String FILE = "application.properties";
    private static final int MAX_DEPTH = 8;

    private final Map<String, String> environment;
    private final Properties system;
    private final Properties values;

    private Settings(Map<String, String> environment, Properties system, Properties values) {
        this.environment = environment;
        this.system = system;
        this.values = values;
    }

    /**
     * Reads all settings.
     *
     * @param environment the process's environment
     * @param system the JVM's properties
     * @throws IllegalArgumentException for a key that is not known, naming the nearest one that is
     */
    public static Settings load(Map<String, String> environment, Properties system) throws IOException {
        Properties shipped = shipped();
        Properties edited = new Properties();
        Path file = file(shipped, environment, system);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                edited.load(reader);
            }
            refuseUnknown(edited, shipped, file.toString());
        }
        Properties ours = new Properties();
        system.stringPropertyNames().stream()
                .filter(key -> OURS.matcher(key).lookingAt())
                .forEach(key -> ours.setProperty(key, system.getProperty(key)));
        refuseUnknown(ours, shipped, "the JVM's properties");
        return of(shipped, edited, environment, system);
    }

    /** The same for an edited file's settings, whether they are known or not. */
    static Settings of(Properties shipped, Properties edited, Map<String, String> environment, Properties system) {
        Properties values = new Properties();
        values.putAll(shipped);
        values.putAll(edited);
        values.stringPropertyNames()
                .forEach(key -> values.setProperty(key, overridden(key, values.getProperty(key), environment, system)));
        Settings settings = new Settings(Map.copyOf(environment), system, values);
        values.stringPropertyNames().forEach(key -> values.setProperty(key, settings.resolve(key, 0)));
        return settings;
    }

    /** The file that the operator edits, there or not. */
    static Path file(Properties shipped, Map<String, String> environment, Properties system) {
        String folder = shipped.getProperty("robutler.config");
        return Path.of(overridden("robutler.config", folder, environment, system))
                .resolve(FILE);
    }

    /** The settings as the file has them now. @throws IllegalArgumentException as {@link #load} */
    public Settings reload() throws IOException {
        return load(environment, system);
    }

    /** The settings that are shipped, as they are written. */
    static Properties shipped() throws IOException {
        Properties shipped = new Properties();
        try (InputStream stream = Settings.class.getResourceAsStream(FILE)) {
            if (stream == null) {
                throw new IllegalStateException("the build left out " + FILE);
            }
            shipped.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
        }
        return shipped;
    }

    private static String overridden(String key, String value, Map<String, String> environment, Properties system) {
        String property = system.getProperty(key);
        if (property != null) {
            return property;
        }
        String variable = environment.get(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
        return variable == null ? value : variable;
    }

    private static void refuseUnknown(Properties edited, Properties shipped, String where) {
        for (String key : new TreeSet<>(edited.stringPropertyNames())) {
            Optional<String> nearest = unknown(key, shipped);
            if (nearest.isPresent()) {
                throw new IllegalArgumentException(
                        "unknown setting '" + key + "' in " + where + "; did you mean '" + nearest.get() + "'?");
            }
        }
    }

    /** The known setting that is nearest to one that is not; empty for a known one. */
    static Optional<String> unknown(String key, Properties shipped) {
        return key.startsWith("camel.") || shipped.containsKey(key)
                ? Optional.empty()
                : Nearest.of(key, shipped.stringPropertyNames());
    }

    private String resolve(String key, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("setting '" + key + "' refers to itself");
        }
        String value = values.getProperty(key, "");
        Matcher matcher = PLACEHOLDER.matcher(value);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(result, Matcher.quoteReplacement(placeholder(matcher.group(1), depth)));
        }
        return matcher.appendTail(result).toString().trim();
    }

    private String placeholder(String name, int depth) {
        if (!name.startsWith("env:")) {
            return resolve(name, depth + 1);
        }
        String[] parts = name.split(":", 3);
        for (String variable : parts[1].split("\\|", -1)) {
            String value = environment.get(variable);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return parts.length > 2 ? parts[2] : "";
    }

    /** All settings, for Camel. */
    public Properties all() {
        Properties copy = new Properties();
        copy.putAll(values);
        return copy;
    }

    /** The setting's text; empty when it is not set. */
    public String text(String key) {
        String value = values.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("no setting '" + key + "' is shipped");
        }
        return value;
    }

    /** The setting as a folder or file. */
    public Path path(String key) {
        return Path.of(text(key));
    }

    /** A whole number from {@code least} on. */
    public long number(String key, long least) {
        String text = text(key);
        try {
            long value = Long.parseLong(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        throw new IllegalArgumentException(
                "setting '" + key + "' is '" + text + "'; it takes a whole number from " + least + " on");
    }

    /** The same where an int is wanted. */
    public int integer(String key, int least) {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, number(key, least)));
    }

    /** True or false. */
    public boolean flag(String key) {
        String text = text(key);
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("setting '" + key + "' is '" + text + "'; it takes true or false");
    }

    /** A span of time, more than zero: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}; a bare number is seconds. */
    public Duration duration(String key) {
        Duration value = parseDuration(text(key));
        if (value == null || value.isZero()) {
            throw new IllegalArgumentException("setting '" + key + "' is '" + text(key)
                    + "'; it takes a time such as 500ms, 30s, 5m or 24h, more than zero");
        }
        return value;
    }

    /** The span that the text names; null when it names none. */
    public static @Nullable Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.trim());
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null || unit.equals("s")) {
            return Duration.ofSeconds(amount);
        }
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** The parts of a comma-separated setting, none of them empty. */
    public List<String> list(String key) {
        return Arrays.stream(text(key).split(",", -1))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
