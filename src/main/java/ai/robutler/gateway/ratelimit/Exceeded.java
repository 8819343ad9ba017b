package ai.robutler.gateway.ratelimit;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A limit that does not let a request through.
 *
 * @param limit which one
 * @param scope whose
 * @param allowed the limit's number
 * @param used how much of it is used
 * @param waitNanos time until it frees
 */
record Exceeded(Limit limit, Identity.Kind scope, long allowed, long used, long waitNanos) {
    private static final long SECOND = 1_000_000_000L;

    /** The 429 without {@code resets_at}, for a limit that frees at no known time. */
    ApiException refusal(String message) {
        return ApiException.of(ErrorCode.RATE_LIMITED, message)
                .withDetail("limit", limit.code())
                .withDetail("scope", scope.scope())
                .withDetail("allowed", allowed)
                .withDetail("used", used)
                .withRetryAfter(Duration.ofSeconds(Math.max(1, wholeSeconds(waitNanos))));
    }

    /** The 429 with the time at which the limit frees. */
    ApiException refusal(String message, InstantSource clock) {
        Instant free = clock.instant().plusNanos(waitNanos);
        long resetsAt = free.getEpochSecond() + wholeSeconds(free.getNano());
        return refusal(message).withDetail("resets_at", resetsAt);
    }

    /** Rounded up: who waits that long does not come too early. */
    private static long wholeSeconds(long nanos) {
        return (nanos + SECOND - 1) / SECOND;
    }
}
