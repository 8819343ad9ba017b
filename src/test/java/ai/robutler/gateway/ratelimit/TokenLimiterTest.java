package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TokenLimiterTest {
    private static final List<String> ALICE = List.of("user:alice");
    private static final List<String> ALICE_IN_KEY = List.of("user:alice", "api:key_1");

    private final VirtualTime time = new VirtualTime();
    private final TokenLimiter limiter = limiter(1_000, "");

    @Test
    @DisplayName("R7: what does not fit into the minute is refused before the model is called")
    void reserve_overTheLimit_isRefusedUntilTheMinuteEnds() {
        limiter.reserve(ALICE, 700);
        time.advance(Duration.ofMillis(10_500));

        ApiException refusal = Refused.by(() -> limiter.reserve(ALICE, 301));

        assertThat(refusal.message()).isEqualTo("Token limit exceeded (1000 tokens per minute)");
        assertThat(refusal.details())
                .containsExactly(
                        Map.entry("limit", "tokens_per_minute"),
                        Map.entry("scope", "user"),
                        Map.entry("allowed", 1_000L),
                        Map.entry("used", 700L),
                        Map.entry("resets_at", VirtualTime.EPOCH_SECOND + 60),
                        Map.entry("requested", 301L));
        assertThat(refusal.retryAfterSeconds()).isEqualTo(50);
        limiter.reserve(ALICE, 300);
        Refused.by(() -> limiter.reserve(ALICE, 1));
        time.advance(Duration.ofMillis(49_500));
        limiter.reserve(ALICE, 1_000);
    }

    @Test
    void reserve_moreThanAnyMinuteHolds_tellsNotToRetry() {
        ApiException refusal = Refused.by(() -> limiter.reserve(ALICE, Long.MAX_VALUE));

        assertThat(refusal.message()).contains("1000 tokens per minute", "this request alone may take");
        assertThat(refusal.headers()).containsEntry("x-should-retry", "false");
        limiter.reserve(ALICE, 1_000);
    }

    @Test
    @DisplayName("R9: a refusal for one identity reserves nothing of the other")
    void reserve_twoIdentities_oneFull_reservesNothing() {
        TokenLimiter two = limiter(1_000, "rules: [{for: 'api:key_1', tokens-per-minute: 100}]");

        assertThat(Refused.by(() -> two.reserve(ALICE_IN_KEY, 101)).details()).containsEntry("scope", "api");

        two.reserve(ALICE, 1_000);
    }

    @Test
    void settle_lessThanReserved_givesTheRestBackOnce() {
        TokenLimiter.Reservation reservation = limiter.reserve(ALICE, 1_000);

        reservation.settle(400);
        reservation.settle(0);

        limiter.reserve(ALICE, 600);
        Refused.by(() -> limiter.reserve(ALICE, 1));
    }

    @Test
    void settle_lessThanReserved_inTheNextMinute_givesNothingToIt() {
        TokenLimiter.Reservation reservation = limiter.reserve(ALICE, 900);
        time.advance(Duration.ofSeconds(70));
        limiter.reserve(ALICE, 800);

        reservation.settle(0);

        Refused.by(() -> limiter.reserve(ALICE, 201));
        limiter.reserve(ALICE, 200);
    }

    @Test
    @DisplayName("R7: the worst overshoot is the error of one request's estimate, and the next minute pays it")
    void settle_moreThanReserved_overshootsByItsErrorOnlyAndIsPaidBack() {
        limiter.reserve(ALICE, 600).settle(600);
        TokenLimiter.Reservation wrong = limiter.reserve(ALICE, 400);

        wrong.settle(1_900);

        ApiException refusal = Refused.by(() -> limiter.reserve(ALICE, 600));
        assertThat(refusal.details()).containsEntry("used", 2_500L);
        assertThat(refusal.retryAfterSeconds()).isEqualTo(180);
        time.advance(Duration.ofMinutes(1));
        Refused.by(() -> limiter.reserve(ALICE, 1));
        time.advance(Duration.ofMinutes(1));
        limiter.reserve(ALICE, 500);
        Refused.by(() -> limiter.reserve(ALICE, 1));
        time.advance(Duration.ofMinutes(1));
        limiter.reserve(ALICE, 1_000);
    }

    @Test
    @DisplayName("R7: 64 parallel requests with right estimates never exceed the minute; one wrong one adds its error")
    void reserve_manyThreads_neverMoreThanTheLimit() {
        AtomicLong used = new AtomicLong();
        long admitted = Race.admitted(64, 50, thread -> {
            TokenLimiter.Reservation reservation = limiter.reserve(ALICE, 7);
            long actual = used.getAndAdd(7) == 0 ? 7 + 25 : 7;
            reservation.settle(actual);
        });

        long spent = admitted * 7 + 25;

        assertThat(spent).isBetween(1_000L - 7, 1_000L + 25);
        assertThat(Refused.by(() -> limiter.reserve(ALICE, 7)).details()).containsEntry("used", spent);
    }

    @Test
    @DisplayName("R9: reservations and their return on two identities leave nothing behind")
    void settle_manyThreadsCancel_allIsGivenBack() {
        Race.admitted(32, 100, thread -> limiter.reserve(ALICE_IN_KEY, 50).settle(0));

        limiter.reserve(ALICE_IN_KEY, 1_000);
    }

    @Test
    void reserve_unlimited_neverRefuses() {
        TokenLimiter unlimited = limiter(0, "");
        for (int i = 0; i < 1_000; i++) {
            unlimited.reserve(ALICE, Long.MAX_VALUE).settle(Long.MAX_VALUE);
        }
    }

    @Test
    void replace_limitSet_countsWhatWasUsedInThisMinute() {
        TokenLimiter changing = limiter(0, "");
        changing.reserve(ALICE, 90);

        changing.replace(rules(100, ""));

        Refused.by(() -> changing.reserve(ALICE, 11));
        changing.reserve(ALICE, 10);
        changing.replace(rules(100, "rules: [{for: user:alice, tokens-per-minute: 150}]"));
        changing.reserve(ALICE, 50);
        Refused.by(() -> changing.reserve(ALICE, 1));
    }

    @Test
    void reserve_negative_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.reserve(ALICE, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter.reserve(ALICE, 1).settle(-1));
    }

    private TokenLimiter limiter(long tokensPerMinute, String yaml) {
        return new TokenLimiter(rules(tokensPerMinute, yaml), 1_000, time, time);
    }

    private static RateLimitRules rules(long tokensPerMinute, String yaml) {
        return RateLimitRules.read(
                yaml, "limits.yaml", RateLimits.DEFAULT.overlay(Map.of(Limit.TOKENS_PER_MINUTE, tokensPerMinute)));
    }
}
