package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final List<String> ALICE = List.of("user:alice");
    private static final List<String> ALICE_IN_KEY = List.of("user:alice", "api:key_1");

    private final VirtualTime time = new VirtualTime();

    @Test
    void take_eleventhInASecond_isRefusedUntilTheSecondEnds() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT);
        time.advance(Duration.ofHours(7));
        take(limiter, ALICE, 1);
        time.advance(Duration.ofMillis(400));
        take(limiter, ALICE, 9);

        ApiException refusal = Refused.by(() -> limiter.take(ALICE));

        assertThat(refusal.message()).isEqualTo("Burst limit exceeded (10 requests per second)");
        assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
        assertThat(refusal.headers()).doesNotContainKey("x-should-retry");
        time.advance(Duration.ofMillis(600).minusNanos(1));
        Refused.by(() -> limiter.take(ALICE));
        time.advance(Duration.ofNanos(1));
        take(limiter, ALICE, 10);
    }

    @Test
    @DisplayName("R4 R27: a refusal names its limit, scope, numbers and when it resets")
    void take_minuteUsedUp_saysWhichLimitAndWhen() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT);
        for (int second = 0; second < 6; second++) {
            take(limiter, ALICE, 10);
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(Duration.ofMillis(250));

        ApiException refusal = Refused.by(() -> limiter.take(ALICE));

        assertThat(refusal.message()).isEqualTo("Rate limit exceeded (60 requests per minute)");
        assertThat(refusal.details())
                .containsExactly(
                        Map.entry("limit", "requests_per_minute"),
                        Map.entry("scope", "user"),
                        Map.entry("allowed", 60L),
                        Map.entry("used", 60L),
                        Map.entry("resets_at", VirtualTime.EPOCH_SECOND + 60));
        assertThat(refusal.retryAfterSeconds()).isEqualTo(54);
        assertThat(refusal.headers()).doesNotContainKey("x-should-retry");
    }

    @Test
    @DisplayName("R11: the headers count down on success and are on a refusal too")
    void take_headers_showEveryWindow() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT.overlay(Map.of(Limit.MINUTE, 2L)));

        assertThat(limiter.take(ALICE).headers())
                .containsExactly(
                        Map.entry("X-RateLimit-Limit-Minute", "2"),
                        Map.entry("X-RateLimit-Remaining-Minute", "1"),
                        Map.entry("X-RateLimit-Limit-Hour", "1000"),
                        Map.entry("X-RateLimit-Remaining-Hour", "999"),
                        Map.entry("X-RateLimit-Limit-Day", "10000"),
                        Map.entry("X-RateLimit-Remaining-Day", "9999"));
        assertThat(limiter.take(ALICE).headers()).containsEntry("X-RateLimit-Remaining-Minute", "0");
        assertThat(Refused.by(() -> limiter.take(ALICE)).headers())
                .containsEntry("X-RateLimit-Limit-Minute", "2")
                .containsEntry("X-RateLimit-Remaining-Minute", "0")
                .containsEntry("X-RateLimit-Remaining-Hour", "998")
                .containsEntry("X-RateLimit-Remaining-Day", "9998");
    }

    @Test
    @DisplayName("R4: 0 is unlimited, and not shown")
    void take_unlimitedWindows_neverRefuseAndAreNotInTheHeaders() {
        RateLimiter limiter = limiter(new RateLimits(0, 0, 0, 100_000, 0, 0));

        take(limiter, ALICE, 99_999);

        assertThat(limiter.take(ALICE).headers())
                .containsOnlyKeys("X-RateLimit-Limit-Day", "X-RateLimit-Remaining-Day");
        ApiException refusal = Refused.by(() -> limiter.take(ALICE));
        assertThat(refusal.details()).containsEntry("limit", "requests_per_day");
        assertThat(refusal.headers())
                .containsOnlyKeys("X-RateLimit-Limit-Day", "X-RateLimit-Remaining-Day", "x-should-retry");
    }

    @Test
    @DisplayName("R9: a refused request consumes nothing, in no window")
    void take_refused_consumesNothing() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT);
        take(limiter, ALICE, 10);
        for (int i = 0; i < 500; i++) {
            Refused.by(() -> limiter.take(ALICE));
        }
        time.advance(Duration.ofSeconds(1));

        assertThat(limiter.take(ALICE).headers())
                .containsEntry("X-RateLimit-Remaining-Minute", "49")
                .containsEntry("X-RateLimit-Remaining-Hour", "989")
                .containsEntry("X-RateLimit-Remaining-Day", "9989");
    }

    @Test
    void take_oneIdentityTwice_takesOne() {
        assertThat(limiter(RateLimits.DEFAULT)
                        .take(List.of("ip:10.0.0.1", "ip:10.0.0.1"))
                        .headers())
                .containsEntry("X-RateLimit-Remaining-Minute", "59");
    }

    @Test
    void take_noIdentity_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter(RateLimits.DEFAULT).take(List.of()));
    }

    @Test
    @DisplayName("R9: what another limit refused is given back, once")
    void giveBack_inTheSameSecond_isAsIfNotTaken() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT);
        RateLimitState state = limiter.take(ALICE_IN_KEY);

        state.giveBack();
        state.giveBack();

        take(limiter, ALICE_IN_KEY, 9);
        assertThat(limiter.take(ALICE_IN_KEY).headers()).containsEntry("X-RateLimit-Remaining-Day", "9990");
        Refused.by(() -> limiter.take(ALICE_IN_KEY));
    }

    @Test
    void giveBack_afterTheMinute_givesNothingToTheNext() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT);
        RateLimitState state = limiter.take(ALICE);
        time.advance(Duration.ofMinutes(1));
        take(limiter, ALICE, 5);

        state.giveBack();

        assertThat(limiter.take(ALICE).headers()).containsEntry("X-RateLimit-Remaining-Minute", "54");
    }

    @Test
    @DisplayName("R9: 64 threads that race on one identity get exactly the burst")
    void take_manyThreads_exactlyTheBurstIsAdmitted() {
        RateLimiter limiter = limiter(new RateLimits(100_000, 0, 0, 0, 0, 0));

        assertThat(Race.admitted(64, 2_000, thread -> limiter.take(ALICE))).isEqualTo(100_000);
    }

    private static void take(RateLimiter limiter, List<String> identities, int times) {
        for (int i = 0; i < times; i++) {
            limiter.take(identities);
        }
    }

    private RateLimiter limiter(RateLimits defaults) {
        return new RateLimiter(RateLimitRules.none(defaults), 1_000, time, time);
    }
}
