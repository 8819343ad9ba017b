package ai.robutler.portal.key;

import ai.robutler.portal.Ids;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An API key without its secret.
 *
 * @param id UUIDv7
 * @param userId whose it is
 * @param agentId the agent that it belongs to; empty for a user's own key
 * @param name how its owner calls it
 * @param keyPrefix its first 8 characters
 * @param permissions what it may be used for; empty means everything
 * @param allowedAgents names or ids of the agents that it may call; empty means all
 * @param dailyRateLimit requests a day; empty means the server's limit
 * @param times when what happened to it
 */
public record ApiKey(
        String id,
        String userId,
        Optional<String> agentId,
        String name,
        String keyPrefix,
        List<String> permissions,
        List<String> allowedAgents,
        OptionalLong dailyRateLimit,
        Times times) {

    /** Copies the lists. */
    public ApiKey {
        permissions = List.copyOf(permissions);
        allowedAgents = List.copyOf(allowedAgents);
    }

    /**
     * When what happened to a key, in milliseconds since 1970.
     *
     * @param createdAt when it was made
     * @param updatedAt when it was last changed
     * @param lastUsedAt when it was last used, exact to a minute
     * @param expiresAt when it stops being valid
     * @param revokedAt when it was revoked
     */
    public record Times(
            long createdAt, long updatedAt, OptionalLong lastUsedAt, OptionalLong expiresAt, OptionalLong revokedAt) {}

    /** A new key that may do everything its user may, for ever. */
    public static ApiKey create(String name, String userId, String text, long now) {
        Times times = new Times(now, now, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
        return new ApiKey(
                Ids.next(),
                userId,
                Optional.empty(),
                name,
                KeyText.prefix(text),
                List.of(),
                List.of(),
                OptionalLong.empty(),
                times);
    }

    /** The same key as that agent's own. */
    public ApiKey ofAgent(String agent) {
        return new ApiKey(
                id, userId, Optional.of(agent), name, keyPrefix, permissions, allowedAgents, dailyRateLimit, times);
    }

    /** Whether it is valid at this time. */
    public boolean isActive(long now) {
        return times.revokedAt().isEmpty()
                && (times.expiresAt().isEmpty() || times.expiresAt().getAsLong() > now);
    }
}
