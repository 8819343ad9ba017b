package ai.robutler.gateway.idempotency;

import java.util.Optional;
import org.apache.camel.Exchange;

/** One request's right to answer its idempotency key. Ends once: with the answer, or given back without. */
public final class AnswerClaim {
    private final AnswerStore store;
    private final String id;
    private final AnswerStore.Entry running;

    AnswerClaim(AnswerStore store, String id, AnswerStore.Entry running) {
        this.store = store;
        this.id = id;
        this.running = running;
    }

    /** The claim of the request that this exchange answers; empty when it has no key. */
    public static Optional<AnswerClaim> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getVariable("answerClaim", AnswerClaim.class));
    }

    /** Keeps the answer for repetitions. */
    public void complete(String contentType, byte[] body) {
        store.complete(id, running, contentType, body);
    }

    /** Forgets the key unless it was answered, so that the caller may try again. */
    void release() {
        store.release(id, running);
    }
}
