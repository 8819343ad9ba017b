package ai.robutler.gateway.ratelimit;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What {@link RateLimiter#take} says of a request that it let through. */
public final class RateLimitState {
    private final Map<String, String> headers;
    private final Supplier<Map<String, String>> undo;
    private final AtomicBoolean givenBack = new AtomicBoolean();

    RateLimitState(Map<String, String> headers, Supplier<Map<String, String>> undo) {
        this.headers = headers;
        this.undo = undo;
    }

    /**
     * The answer's {@code X-RateLimit-Limit-} and {@code X-RateLimit-Remaining-} headers for minute, hour and day, without
     * the windows that are unlimited. Of several identities, those of the one with less remaining.
     */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * Gives the request back, once, because another limit refused it. Exact within the second; later the second's own
     * window may gain one, and after the minute nothing is given back.
     *
     * @return the headers as they are then
     */
    public Map<String, String> giveBack() {
        return givenBack.compareAndSet(false, true) ? undo.get() : headers;
    }
}
