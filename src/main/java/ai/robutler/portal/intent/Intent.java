package ai.robutler.portal.intent;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An intent as it is stored.
 *
 * @param id UUIDv7
 * @param userId who has published it
 * @param agent what the publisher calls the agent
 * @param ofAgent the agent, if it is one of this portal
 * @param terms what is said of it
 * @param times when what happened to it
 */
record Intent(String id, String userId, String agent, Optional<AgentFacts> ofAgent, Terms terms, IntentTimes times) {

    /** Whether it is an entry of its agent's own list, which lives as long as that entry. */
    boolean isOfList() {
        return times.expiresAt().isEmpty();
    }

    /** How the agent is told of: as its publisher calls it, by its name of today when that was a name. */
    String agentId() {
        return ofAgent.filter(facts -> !facts.id().equals(agent))
                .map(AgentFacts::name)
                .orElse(agent);
    }

    /** Whether it shows at this time. */
    boolean isAlive(long now) {
        OptionalLong end = times.expiresAt();
        return end.isEmpty() || end.getAsLong() > now;
    }
}
