package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Three days of a caller who takes whatever there is. */
class RateLimiterDaysTest {
    private static final List<String> ALICE = List.of("user:alice");

    private final VirtualTime time = new VirtualTime();
    private final RateLimiter limiter = new RateLimiter(RateLimitRules.none(RateLimits.DEFAULT), 10, time, time);
    private int admittedBeforeRefusal;

    @Test
    @DisplayName("R4 R11: all four windows are exact over three days, and so is Retry-After")
    void take_threeDays_eachWindowFillsExactlyAndFreesWhenItSays() {
        long admittedInAll = 0;
        for (int day = 0; day < 3; day++) {
            long admitted = 0;
            while (time.elapsed().toDays() == day) {
                ApiException refusal = takeUntilRefused();
                admitted += admittedBeforeRefusal;
                assertThat(refusal.details().get("limit")).isEqualTo(longestFullWindow(admitted));
                long left = untilEndOf(refusal);
                assertThat(refusal.retryAfterSeconds()).isEqualTo(left);
                assertThat(refusal.headers().containsKey("x-should-retry"))
                        .isEqualTo(admitted % 1_000 == 0 && admitted > 0);
                time.advance(Duration.ofSeconds(left).minusNanos(1));
                Refused.by(() -> limiter.take(ALICE));
                time.advance(Duration.ofNanos(1));
            }
            assertThat(admitted).isEqualTo(10_000);
            admittedInAll += admitted;
        }
        assertThat(admittedInAll).isEqualTo(30_000);
        assertThat(time.elapsed()).isEqualTo(Duration.ofDays(3));
    }

    private ApiException takeUntilRefused() {
        admittedBeforeRefusal = 0;
        return Refused.by(() -> {
            while (true) {
                limiter.take(ALICE);
                admittedBeforeRefusal++;
            }
        });
    }

    /** Greedy use fills 10 a second, 60 a minute, 1 000 an hour (16 minutes and 40 requests), 10 000 a day. */
    private static String longestFullWindow(long admittedToday) {
        if (admittedToday == 10_000) {
            return "requests_per_day";
        }
        long inHour = admittedToday % 1_000;
        if (inHour == 0) {
            return "requests_per_hour";
        }
        return inHour % 60 == 0 ? "requests_per_minute" : "requests_per_second";
    }

    private long untilEndOf(ApiException refusal) {
        long second = time.elapsed().toSeconds();
        Object limit = refusal.details().get("limit");
        if ("requests_per_day".equals(limit)) {
            return 86_400 - second % 86_400;
        }
        if ("requests_per_hour".equals(limit)) {
            return 3_600 - second % 3_600;
        }
        return "requests_per_minute".equals(limit) ? 60 - second % 60 : 1;
    }
}
