package ai.robutler;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a setting takes: what its shipped value is, with the bounds that are listed here. */
final class SettingKinds {
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");
    private static final Pattern TIME = Pattern.compile("\\d{1,12}(ms|s|m|h|d)");
    private static final Pattern FLAG = Pattern.compile("true|false");
    private static final Map<String, List<String>> WORDS =
            Map.of("robutler.profile", List.of("dev", "prod"), "portal.mode", List.of("embedded", "remote"));
    private static final Map<String, Long> LEAST = Map.ofEntries(
            Map.entry("gateway.max-body-bytes", 1L),
            Map.entry("gateway.max-header-bytes", 256L),
            Map.entry("gateway.workers", 1L),
            Map.entry("gateway.workers-queue", 1L),
            Map.entry("gateway.rate-limit.max-identities", 1L),
            Map.entry("gateway.max-json-depth", 1L),
            Map.entry("gateway.max-messages", 1L),
            Map.entry("gateway.model.max-connections", 1L),
            Map.entry("gateway.model.max-waiting", 1L),
            Map.entry("gateway.model.max-answer-bytes", 1_024L),
            Map.entry("gateway.model.breaker.open-seconds", 1L),
            Map.entry("gateway.usage.queue", 1L),
            Map.entry("portal.intents.per-user", 1L),
            Map.entry("portal.content.max-file-bytes", 1L),
            Map.entry("portal.content.max-uploads", 1L),
            Map.entry("portal.content.max-fields", 1L),
            Map.entry("portal.content.max-field-bytes", 1L),
            Map.entry("database.connections", 1L));

    private SettingKinds() {}

    /**
     * What is wrong with a setting's value; empty when nothing is.
     *
     * @param shipped its value when nobody sets it
     */
    static Optional<String> wrong(Settings settings, String key, String shipped) {
        String value = settings.text(key);
        List<String> words =
                WORDS.getOrDefault(key, FLAG.matcher(shipped).matches() ? List.of("true", "false") : List.of());
        if (!words.isEmpty()) {
            return words.contains(value)
                    ? Optional.empty()
                    : Optional.of("setting '" + key + "' is '" + value + "'; it takes " + String.join(" or ", words));
        }
        try {
            if (key.equals("camel.server.port") && settings.number(key, 0) > 65_535) {
                return Optional.of("setting '" + key + "' is '" + value + "'; it takes a port from 0 to 65535");
            }
            if (WHOLE.matcher(shipped).matches()) {
                settings.number(key, LEAST.getOrDefault(key, 0L));
            } else if (TIME.matcher(shipped).matches()) {
                settings.duration(key);
            }
            return Optional.empty();
        } catch (IllegalArgumentException wrong) {
            return Optional.ofNullable(wrong.getMessage());
        }
    }
}
