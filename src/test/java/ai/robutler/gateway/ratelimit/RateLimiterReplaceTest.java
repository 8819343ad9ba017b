package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimiterReplaceTest {
    private static final List<String> ALICE = List.of("user:alice");

    private final VirtualTime time = new VirtualTime();

    @Test
    void replace_limitsUnchanged_keepsTheCounts() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT);
        take(limiter, ALICE, 7);
        time.advance(Duration.ofMillis(300));

        limiter.replace(rules(RateLimits.DEFAULT, "rules: [{for: user:bob, minute: 5}]"));

        take(limiter, ALICE, 2);
        assertThat(limiter.take(ALICE).headers()).containsEntry("X-RateLimit-Remaining-Minute", "50");
        assertThat(Refused.by(() -> limiter.take(ALICE)).message()).startsWith("Burst");
        time.advance(Duration.ofMillis(700));
        take(limiter, ALICE, 10);
        assertThat(limiter.rules().size()).isEqualTo(1);
    }

    @Test
    void replace_raisedLimit_givesTheDifferenceAtOnce() {
        RateLimiter limiter = limiter(new RateLimits(0, 5, 0, 0, 0, 0));
        take(limiter, ALICE, 5);
        time.advance(Duration.ofSeconds(20));

        limiter.replace(rules(new RateLimits(0, 8, 0, 0, 0, 0), ""));

        take(limiter, ALICE, 3);
        ApiException refusal = Refused.by(() -> limiter.take(ALICE));
        assertThat(refusal.details()).containsEntry("used", 8L).containsEntry("allowed", 8L);
        assertThat(refusal.retryAfterSeconds()).isEqualTo(40);
    }

    @Test
    void replace_loweredLimit_holdsFromTheNextRequest() {
        RateLimiter limiter = limiter(new RateLimits(0, 100, 0, 0, 0, 0));
        take(limiter, ALICE, 10);

        limiter.replace(rules(RateLimits.DEFAULT, "rules: [{for: user:alice, burst: 0, minute: 4}]"));

        take(limiter, ALICE, 4);
        assertThat(Refused.by(() -> limiter.take(ALICE)).message())
                .isEqualTo("Rate limit exceeded (4 requests per minute)");
        time.advance(Duration.ofMinutes(1));
        take(limiter, ALICE, 4);
        Refused.by(() -> limiter.take(ALICE));
    }

    @Test
    void replace_newWindow_isCountedFromTheFirstRequestOn() {
        RateLimiter limiter = limiter(new RateLimits(0, 5, 0, 0, 0, 0));
        take(limiter, ALICE, 1);
        time.advance(Duration.ofMinutes(50));

        limiter.replace(rules(new RateLimits(0, 0, 3, 0, 0, 0), ""));

        take(limiter, ALICE, 3);
        ApiException refusal = Refused.by(() -> limiter.take(ALICE));
        assertThat(refusal.details()).containsEntry("limit", "requests_per_hour");
        assertThat(refusal.retryAfterSeconds()).isEqualTo(600);
    }

    private static void take(RateLimiter limiter, List<String> identities, int times) {
        for (int i = 0; i < times; i++) {
            limiter.take(identities);
        }
    }

    private RateLimiter limiter(RateLimits defaults) {
        return new RateLimiter(rules(defaults, ""), 1_000, time, time);
    }

    private static RateLimitRules rules(RateLimits defaults, String yaml) {
        return RateLimitRules.read(yaml, "limits.yaml", defaults);
    }
}
