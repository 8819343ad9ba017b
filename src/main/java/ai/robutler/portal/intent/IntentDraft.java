package ai.robutler.portal.intent;

import java.util.Optional;

/**
 * An intent as it is asked to be published.
 *
 * @param terms what is said of it
 * @param agent the agent's id or name, of this portal or not
 * @param userId whose it shall be; empty for the caller
 * @param ttlDays days until it expires, 1 to 365
 * @param param names it in messages: {@code intents[2].}, or empty when there is one alone
 */
record IntentDraft(Terms terms, String agent, Optional<String> userId, int ttlDays, String param) {}
