package ai.robutler.gateway.ratelimit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Everybody's limits, and those of the callers who have others: {@code config/limits.yaml}. */
public final class RateLimitRules {
    private final RateLimits defaults;
    private final Map<String, RateLimits> limitsByKey;

    private RateLimitRules(RateLimits defaults, Map<String, RateLimits> limitsByKey) {
        this.defaults = defaults;
        this.limitsByKey = Map.copyOf(limitsByKey);
    }

    /** The same limits for everybody. */
    public static RateLimitRules none(RateLimits defaults) {
        return new RateLimitRules(defaults, Map.of());
    }

    /**
     * Reads a rule file; a field that a rule does not name is as in {@code defaults}.
     *
     * @throws IllegalArgumentException when it cannot be read, or says what is not understood; the message is for whoever
     *     edits the file and names file, line, field and what to write
     */
    public static RateLimitRules read(Path file, RateLimits defaults) {
        try {
            return read(Files.readString(file), file.toString(), defaults);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + e + "): put a file there, if only with the line 'rules: []'", e);
        }
    }

    /** The same for a text; {@code name} stands for the file in messages. */
    public static RateLimitRules read(String yaml, String name, RateLimits defaults) {
        return new RateLimitRules(defaults, new RuleFileReader(name, defaults).read(yaml));
    }

    /**
     * The limits of {@code user:<id>}, {@code api:<key id>} or {@code ip:<address>}: those of its rule, else everybody's.
     *
     * @throws IllegalArgumentException when the identity is none of these
     */
    public RateLimits limitsFor(String identity) {
        return limitsOfKey(Identity.of(identity).key());
    }

    /** The limits of everybody who has no rule. */
    public RateLimits defaults() {
        return defaults;
    }

    /** How many callers have a rule. */
    public int size() {
        return limitsByKey.size();
    }

    RateLimits limitsOfKey(String key) {
        return limitsByKey.getOrDefault(key, defaults);
    }
}
