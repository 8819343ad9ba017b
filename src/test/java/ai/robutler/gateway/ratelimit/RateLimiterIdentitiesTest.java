package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.api.ApiException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateLimiterIdentitiesTest {
    private static final List<String> ALICE = List.of("user:alice");
    private static final List<String> ALICE_IN_KEY = List.of("user:alice", "api:key_1");

    private final VirtualTime time = new VirtualTime();

    @Test
    @DisplayName("R9: a request refused for one identity consumes nothing of the other")
    void take_twoIdentities_oneFull_consumesNothingOfTheOther() {
        RateLimiter limiter = limiter(RateLimits.DEFAULT, "rules: [{for: 'api:key_1', minute: 3}]");
        take(limiter, List.of("api:key_1"), 3);

        for (List<String> identities : List.of(ALICE_IN_KEY, List.of("api:key_1", "user:alice"))) {
            ApiException refusal = Refused.by(() -> limiter.take(identities));
            assertThat(refusal.details()).containsEntry("scope", "api").containsEntry("allowed", 3L);
            assertThat(refusal.message()).doesNotContain("key_1");
        }

        assertThat(limiter.take(ALICE).headers()).containsEntry("X-RateLimit-Remaining-Minute", "59");
    }

    @Test
    void take_twoIdentities_headersShowTheSmallerRemaining() {
        RateLimiter limiter =
                limiter(RateLimits.DEFAULT, "rules: [{for: 'api:key_1', minute: 0, hour: 500, day: 50000}]");
        take(limiter, ALICE, 2);

        assertThat(limiter.take(ALICE_IN_KEY).headers())
                .containsEntry("X-RateLimit-Limit-Minute", "60")
                .containsEntry("X-RateLimit-Remaining-Minute", "57")
                .containsEntry("X-RateLimit-Limit-Hour", "500")
                .containsEntry("X-RateLimit-Remaining-Hour", "499")
                .containsEntry("X-RateLimit-Limit-Day", "10000")
                .containsEntry("X-RateLimit-Remaining-Day", "9997");
    }

    @Test
    @DisplayName("R27: when both identities are full, the one with the longer wait is named")
    void take_twoIdentitiesFull_namesTheLongerWait() {
        RateLimiter limiter =
                limiter(RateLimits.DEFAULT, "rules: [{for: user:alice, hour: 2}, {for: 'api:key_1', minute: 2}]");
        take(limiter, ALICE_IN_KEY, 2);

        ApiException refusal = Refused.by(() -> limiter.take(ALICE_IN_KEY));

        assertThat(refusal.message()).isEqualTo("Rate limit exceeded (2 requests per hour)");
        assertThat(refusal.details()).containsEntry("scope", "user");
        assertThat(refusal.retryAfterSeconds()).isEqualTo(3_600);
        assertThat(refusal.headers()).containsEntry("x-should-retry", "false");
    }

    @Test
    @DisplayName("R9: threads that race on two identities in either order neither block nor lose a request")
    void take_manyThreadsTwoIdentities_bothCountTheSame() {
        RateLimiter limiter = limiter(new RateLimits(0, 5_000, 0, 0, 0, 0), "rules: [{for: 'api:key_1', minute: 700}]");
        List<String> turned = List.of("api:key_1", "user:alice");

        long admitted = Race.admitted(64, 50, thread -> limiter.take(thread % 2 == 0 ? ALICE_IN_KEY : turned));

        assertThat(admitted).isEqualTo(700);
        assertThat(limiter.take(ALICE).headers()).containsEntry("X-RateLimit-Remaining-Minute", "4299");
    }

    private static void take(RateLimiter limiter, List<String> identities, int times) {
        for (int i = 0; i < times; i++) {
            limiter.take(identities);
        }
    }

    private RateLimiter limiter(RateLimits defaults, String yaml) {
        return new RateLimiter(rules(defaults, yaml), 1_000, time, time);
    }

    private static RateLimitRules rules(RateLimits defaults, String yaml) {
        return RateLimitRules.read(yaml, "limits.yaml", defaults);
    }
}
