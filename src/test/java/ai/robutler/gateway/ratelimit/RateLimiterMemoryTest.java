package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterMemoryTest {
    private static final List<String> ALICE = List.of("user:alice");

    private final VirtualTime time = new VirtualTime();

    @Test
    void take_aMillionIdentities_onlyTheBoundIsKept() {
        RateLimiter limiter = limiter(10_000);

        IntStream.range(0, 1_000_000).forEach(i -> limiter.take(List.of("user:" + i)));
        limiter.cleanUp();

        assertThat(limiter.identities()).isBetween(5_000L, 10_000L);
    }

    @Test
    void take_aSprayOfAddresses_doesNotForgetKnownCallers() {
        RateLimiter limiter = limiter(100);
        take(limiter, ALICE, 10);

        IntStream.range(0, 100_000).forEach(i -> limiter.take(List.of("ip:" + i)));
        limiter.cleanUp();

        Refused.by(() -> limiter.take(ALICE));
        assertThat(limiter.identities()).isLessThanOrEqualTo(101);
    }

    @Test
    void take_idleFor25Hours_isForgotten() {
        RateLimiter limiter = limiter(1_000);
        take(limiter, ALICE, 1);

        time.advance(Duration.ofHours(25));
        limiter.cleanUp();

        assertThat(limiter.identities()).isZero();
    }

    private static void take(RateLimiter limiter, List<String> identities, int times) {
        for (int i = 0; i < times; i++) {
            limiter.take(identities);
        }
    }

    private RateLimiter limiter(long maxIdentities) {
        return new RateLimiter(RateLimitRules.none(RateLimits.DEFAULT), maxIdentities, time, time);
    }
}
