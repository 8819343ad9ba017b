package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ParallelLimiterTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final VirtualTime time = new VirtualTime();
    private final ParallelLimiter limiter = new ParallelLimiter(time);

    @Test
    @DisplayName("R27: the refusal names the parallel limit and its scope")
    void acquire_allSlotsInUse_isRefused() {
        limiter.acquire("api:key_1", 2, LONG);
        ParallelLimiter.Lease second = limiter.acquire("api:key_1", 2, LONG);

        ApiException refusal = Refused.by(() -> limiter.acquire("api:key_1", 2, LONG));

        assertThat(refusal.message()).isEqualTo("Parallel limit exceeded (2 requests at once)");
        assertThat(refusal.details())
                .containsExactly(
                        Map.entry("limit", "parallel"),
                        Map.entry("scope", "api"),
                        Map.entry("allowed", 2L),
                        Map.entry("used", 2L));
        assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
        limiter.acquire("api:key_2", 2, LONG);
        second.release();
        limiter.acquire("api:key_1", 2, LONG);
    }

    @Test
    @DisplayName("R8: releasing a lease twice frees one slot")
    void release_twice_freesOneSlot() {
        ParallelLimiter.Lease first = limiter.acquire("user:alice", 2, LONG);
        limiter.acquire("user:alice", 2, LONG);

        first.release();
        first.release();

        limiter.acquire("user:alice", 2, LONG);
        Refused.by(() -> limiter.acquire("user:alice", 2, LONG));
    }

    @Test
    @DisplayName("R8: a forgotten lease expires by itself, and its late release frees nobody else's slot")
    void acquire_afterAForgottenLeaseExpired_getsItsSlot() {
        ParallelLimiter.Lease forgotten = limiter.acquire("user:alice", 1, Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(30).minusNanos(1));
        Refused.by(() -> limiter.acquire("user:alice", 1, LONG));

        time.advance(Duration.ofNanos(1));
        limiter.acquire("user:alice", 1, LONG);
        forgotten.release();

        Refused.by(() -> limiter.acquire("user:alice", 1, LONG));
        assertThat(limiter.inUse()).isEqualTo(1);
    }

    @Test
    @DisplayName("R8: leases forgotten by callers that never come back take no memory for long")
    void acquire_bySomebodyElse_sweepsForgottenLeases() {
        for (int i = 0; i < 1_000; i++) {
            limiter.acquire("user:" + i, 1, Duration.ofSeconds(30));
        }
        assertThat(limiter.callers()).isEqualTo(1_000);
        time.advance(Duration.ofMinutes(1));

        limiter.acquire("user:alice", 1, LONG);

        assertThat(limiter.callers()).isEqualTo(1);
    }

    @Test
    void acquire_unlimited_isCountedAndNeverRefused() {
        for (int i = 0; i < 100; i++) {
            limiter.acquire("user:alice", 0, LONG);
        }

        assertThat(limiter.inUse()).isEqualTo(100);
    }

    @Test
    void acquire_lowerMaximum_holdsForTheNextRequest() {
        for (int i = 0; i < 5; i++) {
            limiter.acquire("user:alice", 0, LONG);
        }

        assertThat(Refused.by(() -> limiter.acquire("user:alice", 3, LONG)).details())
                .containsEntry("used", 5L)
                .containsEntry("allowed", 3L);
    }

    @Test
    @DisplayName("R8: after 10 000 mixed failures and successes no slot is in use, and never more than the limit was")
    void acquire_tenThousandMixedOutcomes_leaveNoSlotInUse() {
        AtomicInteger[] running = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        AtomicInteger most = new AtomicInteger();
        Race.admitted(40, 250, thread -> {
            int caller = thread % 3;
            ParallelLimiter.Lease lease = limiter.acquire("user:" + caller, 4, LONG);
            most.accumulateAndGet(running[caller].incrementAndGet(), Math::max);
            running[caller].decrementAndGet();
            finish(lease, thread);
        });

        assertThat(most.get()).isBetween(1, 4);
        assertThat(limiter.inUse()).isZero();
        assertThat(limiter.callers()).isZero();
    }

    /** Success or failure; each releases on more than one way out. */
    private static void finish(ParallelLimiter.Lease lease, int thread) {
        try {
            if (thread % 2 == 0) {
                throw new IllegalStateException("the model hung up");
            }
            lease.release();
        } catch (IllegalStateException e) {
            lease.release();
        } finally {
            lease.release();
        }
    }

    @Test
    void acquire_noAge_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.acquire("user:alice", 1, Duration.ZERO));
    }
}
