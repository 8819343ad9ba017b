package ai.robutler.gateway.ratelimit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one identity in the four windows. Not safe by itself: {@link IdentityTable#withAll} holds it.
 *
 * <p>It is a bucket4j bucket without the bucket's own lock, as two identities are checked and taken from in one step.
 */
final class RequestCounts {
    private final Identity.Kind kind;
    private final String key;
    private final long start;
    private RateLimits limits;
    private BucketState state;

    /** @param start now, in the clock's nanoseconds: all windows are counted from here */
    RequestCounts(Identity identity, RateLimits limits, BucketConfiguration configuration, long start) {
        this.kind = identity.kind();
        this.key = identity.key();
        this.start = start;
        this.limits = limits;
        this.state = BucketState.createInitialState(configuration, MathType.INTEGER_64_BITS, start);
    }

    String key() {
        return key;
    }

    /** Moves on to {@code now}, and to other limits if ours have changed. A raised limit gives the difference at once. */
    void update(RateLimits current, Function<RateLimits, BucketConfiguration> configurations, long now) {
        state.refillAllBandwidth(now);
        if (!limits.equals(current)) {
            state = state.replaceConfiguration(configurations.apply(current), TokensInheritanceStrategy.ADDITIVE, now);
            limits = current;
        }
    }

    /** The window to wait longest for; null when each has room for one more request. */
    @Nullable
    Window exhausted() {
        for (Window window : Window.LONGEST_FIRST) {
            if (remaining(window) < 1) {
                return window;
            }
        }
        return null;
    }

    Exceeded exceeded(Window window, long now) {
        long wait = state.calculateDelayNanosAfterWillBePossibleToConsume(1, now, true);
        return new Exceeded(window.limit(), kind, allowed(window), allowed(window) - remaining(window), wait);
    }

    /** How many requests the window allows; 0 for any number. */
    long allowed(Window window) {
        return window.allowed(limits);
    }

    long remaining(Window window) {
        return state.getCurrentSize(window.bandwidth());
    }

    void takeOne() {
        state.consume(1);
    }

    /** Gives one request back, unless the minute it was taken in is over. */
    void giveBackOne(long takenAt, long now) {
        if (minute(takenAt) == minute(now)) {
            state.refillAllBandwidth(now);
            state.addTokens(1);
        }
    }

    private long minute(long time) {
        return Math.floorDiv(time - start, Window.MINUTE.nanos());
    }
}
