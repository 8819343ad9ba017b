package ai.robutler.gateway.ratelimit;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** What {@link RateLimiter#take} says of a request that it let through. */
public final class RateLimitState {
    private final Map<String, String> headers;
    private final Runnable undo;
    private final AtomicBoolean givenBack = new AtomicBoolean();

    RateLimitState(Map<String, String> headers, Runnable undo) {
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
     */
    public void giveBack() {
        if (givenBack.compareAndSet(false, true)) {
            undo.run();
        }
    }
}
