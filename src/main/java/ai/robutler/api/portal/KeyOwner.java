package ai.robutler.api.portal;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a valid API key stands for. Holds no secret.
 *
 * @param keyId names the key; not its secret
 * @param userId the user that it belongs to
 * @param admin whether the key may do everything; never for a key of an agent's
 * @param agentId the agent that it belongs to; empty for a key of the user's own
 * @param allowedAgents names or ids of the agents that it may call; empty means all
 * @param dailyRateLimit requests a day; empty means the server's limit
 * @param expiresAt when it stops being valid; empty means never
 * @param permissions what it may be used for, such as {@code chat}; empty means everything that its user may
 */
public record KeyOwner(
        String keyId,
        String userId,
        boolean admin,
        Optional<String> agentId,
        Set<String> allowedAgents,
        OptionalLong dailyRateLimit,
        Optional<Instant> expiresAt,
        Set<String> permissions) {

    /** The permission to have agents answer. */
    public static final String CHAT = "chat";

    /** Copies the sets. */
    public KeyOwner {
        allowedAgents = Set.copyOf(allowedAgents);
        permissions = Set.copyOf(permissions);
    }

    /** Whether it may be used for that. */
    public boolean permits(String permission) {
        return permissions.isEmpty() || permissions.contains(permission);
    }
}
