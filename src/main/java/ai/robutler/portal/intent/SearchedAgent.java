package ai.robutler.portal.intent;

import java.util.List;
import java.util.Optional;

/**
 * An agent of this portal, as far as it is searched.
 *
 * @param facts what decides about who may find it
 * @param description what it is good for
 * @param intents phrases that say what it can do
 * @param updatedAt when it was last changed, in milliseconds since 1970
 */
record SearchedAgent(AgentFacts facts, Optional<String> description, List<String> intents, long updatedAt) {

    /** Copies the list. */
    SearchedAgent {
        intents = List.copyOf(intents);
    }
}
