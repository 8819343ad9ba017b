package ai.robutler.gateway.ratelimit;

import java.time.Duration;

/**
 * The tokens of one identity in its minute. Not safe by itself: {@link IdentityTable#withAll} holds it.
 *
 * <p>Not a bucket, as that cannot tell whether tokens given back belong to the minute that is running.
 */
final class TokenCounts {
    static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /** More than any answer takes; keeps sums within a long. */
    private static final long LARGEST_COUNT = 1L << 40;

    private final Identity.Kind kind;
    private final String key;
    private long minuteStart;
    private long allowed;
    private long used;

    TokenCounts(Identity identity, long now) {
        this.kind = identity.kind();
        this.key = identity.key();
        this.minuteStart = now;
    }

    String key() {
        return key;
    }

    /** Moves on to {@code now}; each minute that has passed pays a limit's worth of what is used. */
    void update(long limit, long now) {
        roll(now);
        allowed = limit;
    }

    boolean hasRoom(long tokens) {
        return allowed == 0 || bounded(tokens) <= allowed - used;
    }

    /** The refusal; its wait is {@link Long#MAX_VALUE} when no minute is enough. */
    Exceeded exceeded(long tokens, long now) {
        return new Exceeded(Limit.TOKENS_PER_MINUTE, kind, allowed, used, wait(tokens, now));
    }

    /** Reserves tokens and returns the minute that they are in. */
    long reserve(long tokens) {
        used += bounded(tokens);
        return minuteStart;
    }

    void settle(long minute, long reserved, long actual, long now) {
        roll(now);
        long more = bounded(actual) - bounded(reserved);
        if (more > 0 || minute == minuteStart) {
            used += more;
        }
    }

    private long wait(long tokens, long now) {
        if (tokens > allowed) {
            return Long.MAX_VALUE;
        }
        long over = used + tokens - allowed;
        long minutes = (over + allowed - 1) / allowed;
        return minutes * MINUTE - (now - minuteStart);
    }

    private void roll(long now) {
        long minutes = (now - minuteStart) / MINUTE;
        if (minutes > 0) {
            used = allowed == 0 ? 0 : Math.max(0, used - allowed * minutes);
            minuteStart += minutes * MINUTE;
        }
    }

    private static long bounded(long tokens) {
        return Math.min(tokens, LARGEST_COUNT);
    }
}
