package ai.robutler.portal.intent;

import java.util.Optional;

/**
 * What is kept in memory of an intent, beside its vector: enough to tell whether a search may find it.
 *
 * @param id its id
 * @param intent its sentence
 * @param agent what the publisher calls the agent
 * @param ofAgent the agent's id if it is one of this portal
 * @param rank the higher of two that are as near comes first
 * @param place where it is offered
 * @param expiresAt when it stops showing, in milliseconds since 1970; {@link Long#MAX_VALUE} for never
 * @param updatedAt when it was last published, in milliseconds since 1970
 */
record Listed(
        String id,
        String intent,
        String agent,
        Optional<String> ofAgent,
        double rank,
        Optional<Place> place,
        long expiresAt,
        long updatedAt) {

    static Listed of(Intent intent) {
        return new Listed(
                intent.id(),
                intent.terms().intent(),
                intent.agent(),
                intent.ofAgent().map(AgentFacts::id),
                intent.terms().rank(),
                intent.terms().place(),
                intent.times().expiresAt().orElse(Long.MAX_VALUE),
                intent.times().updatedAt());
    }
}
