package ai.robutler.gateway.ratelimit;

import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The four windows in which requests are counted, shortest first: the order of a bucket's bandwidths. */
enum Window {
    BURST(0, Limit.BURST, Duration.ofSeconds(1), "Burst limit exceeded (%d requests per second)"),
    MINUTE(1, Limit.MINUTE, Duration.ofMinutes(1), "Rate limit exceeded (%d requests per minute)"),
    HOUR(2, Limit.HOUR, Duration.ofHours(1), "Rate limit exceeded (%d requests per hour)"),
    DAY(3, Limit.DAY, Duration.ofDays(1), "Rate limit exceeded (%d requests per day)");

    /** From the longest wait to the shortest. */
    static final List<Window> LONGEST_FIRST = List.of(DAY, HOUR, MINUTE, BURST);

    private final int bandwidth;
    private final Limit limit;
    private final Duration period;
    private final String message;

    Window(int bandwidth, Limit limit, Duration period, String message) {
        this.bandwidth = bandwidth;
        this.limit = limit;
        this.period = period;
        this.message = message;
    }

    /** The place of this window among a bucket's bandwidths. */
    int bandwidth() {
        return bandwidth;
    }

    Limit limit() {
        return limit;
    }

    long nanos() {
        return period.toNanos();
    }

    /** How many requests the limits allow in this window; 0 for any number. */
    long allowed(RateLimits limits) {
        return limits.of(limit);
    }

    String message(long exceeded) {
        return String.format(Locale.ROOT, message, exceeded);
    }

    /** Whether a client that repeats by itself, within seconds, could get through. */
    boolean freesSoon() {
        return this == BURST || this == MINUTE;
    }

    /**
     * The bucket of the limits: all four windows always, refilled by interval, an unlimited one with a token a nanosecond.
     * As each is there from a bucket's start, a longer window never ends inside a shorter one.
     */
    static BucketConfiguration configuration(RateLimits limits) {
        var configuration = BucketConfiguration.builder();
        for (Window window : values()) {
            long allowed = window.allowed(limits);
            long capacity = allowed == 0 ? window.nanos() : allowed;
            configuration.addLimit(builder -> builder.capacity(capacity)
                    .refillIntervally(capacity, window.period)
                    .id(window.limit.field()));
        }
        return configuration.build();
    }
}
