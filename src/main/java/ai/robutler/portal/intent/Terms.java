package ai.robutler.portal.intent;

import java.util.Optional;

/**
 * What a publisher says of an intent.
 *
 * @param intent the sentence that says what the agent can do
 * @param description what the agent is
 * @param url where the agent answers; empty for the address that this portal gives to its agent
 * @param protocol how it is spoken to, such as {@code openai/completions}
 * @param subpath what follows {@code url} in a request's address
 * @param rank the higher of two that are as near comes first
 * @param place where it is offered; empty when that does not matter
 */
record Terms(
        String intent,
        Optional<String> description,
        Optional<String> url,
        String protocol,
        String subpath,
        double rank,
        Optional<Place> place) {
    static final String PROTOCOL = "openai/completions";
    static final String SUBPATH = "/chat/completions";

    /** What an agent's own list says. */
    static Terms ofAgent(String intent, Optional<String> description) {
        return new Terms(intent, description, Optional.empty(), PROTOCOL, SUBPATH, 0, Optional.empty());
    }
}
