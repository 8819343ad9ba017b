package ai.robutler.portal.intent;

import java.util.Optional;

/**
 * Which intents are listed; what is empty does not matter.
 *
 * @param userId who has published them
 * @param agent the agent's id, its name, or what its publisher calls it
 * @param ofAgent the id of an agent of this portal
 */
record IntentFilter(Optional<String> userId, Optional<String> agent, Optional<String> ofAgent) {}
