package ai.robutler.gateway.identity;

import ai.robutler.api.portal.KeyOwner;
import java.util.Optional;
import java.util.Set;

/**
 * An authenticated account: what a valid API key stands for.
 *
 * @param keyId the key's id, not its secret
 * @param userId the user that the key belongs to
 * @param admin whether the user may do everything
 * @param agents the agents that the key may call; empty means all
 * @param portal the same as the portal told it; empty for a key of the operator's file
 */
public record Principal(String keyId, String userId, boolean admin, Set<String> agents, Optional<KeyOwner> portal) {

    /** What the portal tells of a key. */
    public static Principal of(KeyOwner owner) {
        return new Principal(owner.keyId(), owner.userId(), owner.admin(), owner.allowedAgents(), Optional.of(owner));
    }

    /** Copies the set. */
    public Principal {
        agents = Set.copyOf(agents);
    }

    /** Whether the key may call the agent. */
    public boolean mayCall(String agent) {
        return portal.map(owner -> owner.permits(KeyOwner.CHAT)).orElse(true)
                && (admin || agents.isEmpty() || agents.contains(agent));
    }
}
