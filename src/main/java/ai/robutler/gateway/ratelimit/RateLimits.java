package ai.robutler.gateway.ratelimit;

import java.util.Map;

/**
 * What one caller may do; in each field 0 means unlimited.
 *
 * @param burst requests in one second
 * @param minute requests in one minute
 * @param hour requests in one hour
 * @param day requests in one day
 * @param tokensPerMinute LLM tokens in one minute, prompt and completion together
 * @param parallel requests at the same time
 */
public record RateLimits(long burst, long minute, long hour, long day, long tokensPerMinute, long parallel) {

    /** The largest limit that can be told from unlimited: one a nanosecond. */
    public static final long LARGEST = 1_000_000_000L;

    /** The published limits: 10 a second, 60 a minute, 1 000 an hour, 10 000 a day. */
    public static final RateLimits DEFAULT = new RateLimits(10, 60, 1_000, 10_000, 0, 0);

    /** Checks that each limit is 0 to {@link #LARGEST}. */
    public RateLimits {
        check(Limit.BURST, burst);
        check(Limit.MINUTE, minute);
        check(Limit.HOUR, hour);
        check(Limit.DAY, day);
        check(Limit.TOKENS_PER_MINUTE, tokensPerMinute);
        check(Limit.PARALLEL, parallel);
    }

    /** One of the limits; 0 for unlimited. */
    public long of(Limit limit) {
        return switch (limit) {
            case BURST -> burst;
            case MINUTE -> minute;
            case HOUR -> hour;
            case DAY -> day;
            case TOKENS_PER_MINUTE -> tokensPerMinute;
            case PARALLEL -> parallel;
        };
    }

    /** These limits with those that {@code override} names in the place of ours. */
    public RateLimits overlay(Map<Limit, Long> override) {
        return new RateLimits(
                override.getOrDefault(Limit.BURST, burst),
                override.getOrDefault(Limit.MINUTE, minute),
                override.getOrDefault(Limit.HOUR, hour),
                override.getOrDefault(Limit.DAY, day),
                override.getOrDefault(Limit.TOKENS_PER_MINUTE, tokensPerMinute),
                override.getOrDefault(Limit.PARALLEL, parallel));
    }

    private static void check(Limit limit, long value) {
        if (value < 0 || value > LARGEST) {
            throw new IllegalArgumentException(
                    limit.field() + " is " + value + ", must be 1 to " + LARGEST + ", or 0 for unlimited");
        }
    }
}
