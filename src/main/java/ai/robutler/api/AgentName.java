package ai.robutler.api;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an agent may be called: 1–64 of {@code a-z 0-9 - _}, a letter or digit first, and none of the reserved words. */
public final class AgentName {
    private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Set<String> RESERVED = Set.of(
            "health",
            "ready",
            "live",
            "info",
            "stats",
            "metrics",
            "agents",
            "models",
            "v1",
            "v2",
            "chat",
            "api",
            "docs",
            "openapi.json",
            "favicon.ico",
            "console",
            "status",
            "ui",
            "static",
            "observe",
            "q");

    private AgentName() {}

    /** The name in lower case; empty when no agent can be called so. */
    public static Optional<String> of(@Nullable String text) {
        if (text == null || text.length() > 64) {
            return Optional.empty();
        }
        String name = text.toLowerCase(Locale.ROOT);
        return RULE.matcher(name).matches() && !RESERVED.contains(name) ? Optional.of(name) : Optional.empty();
    }

    /** The rule in words, for error messages. */
    public static String rule() {
        return "must be 1-64 characters of a-z 0-9 - _, starting with a letter or digit, and none of the reserved words";
    }
}
