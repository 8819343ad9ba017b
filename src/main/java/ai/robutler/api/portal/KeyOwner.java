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
 * @param admin whether the user may do everything
 * @param agentId the agent that it belongs to; empty for a key of the user's own
 * @param allowedAgents names or ids of the agents that it may call; empty means all
 * @param dailyRateLimit requests a day; empty means the server's limit
 * @param expiresAt when it stops being valid; empty means never
 */
public record KeyOwner(
        String keyId,
        String userId,
        boolean admin,
        Optional<String> agentId,
        Set<String> allowedAgents,
        OptionalLong dailyRateLimit,
        Optional<Instant> expiresAt) {

    /** Copies the set. */
    public KeyOwner {
        allowedAgents = Set.copyOf(allowedAgents);
    }
}
