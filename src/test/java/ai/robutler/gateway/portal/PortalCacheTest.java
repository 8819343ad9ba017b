package ai.robutler.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is remembered of the portal, for how long; its time is the test's. */
final class PortalCacheTest {
    private static final PortalCache.Times TIMES =
            new PortalCache.Times(Duration.ofSeconds(300), Duration.ofSeconds(30), Duration.ofHours(1));

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private int asked;

    private final PortalCache<String> cache = cache(2, 2);

    private PortalCache<String> cache(int lookUps, int waiting) {
        return new PortalCache<>(TIMES, new PortalCache.Sizes(3, 3, lookUps, waiting), later::add, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Supplier<Optional<String>> says(String answer) {
        return () -> {
            asked++;
            return Optional.ofNullable(answer.isEmpty() ? null : answer);
        };
    }

    @SuppressWarnings("UnnecessaryLambda")
    private Supplier<Optional<String>> isDown() {
        return () -> {
            asked++;
            throw PortalCalls.unavailable(Duration.ofSeconds(1));
        };
    }

    private static Optional<String> now(CompletionStage<Optional<String>> stage) {
        return stage.toCompletableFuture().join();
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    @Test
    void answer_isAskedForOnce_withinItsTime() {
        assertThat(now(cache.find("a", says("A")))).contains("A");
        assertThat(now(cache.find("a", says("B")))).contains("A");
        assertThat(cache.fresh("a")).isEqualTo("A");
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void answer_isAskedForAgainBesideTheRequest_beforeItsTimeIsOver() {
        now(cache.find("a", says("A")));
        pass(Duration.ofMinutes(4));

        assertThat(cache.fresh("a")).isNull();
        assertThat(now(cache.find("a", says("B")))).contains("A");
        assertThat(now(cache.find("a", says("C")))).contains("A");
        runLater();

        assertThat(cache.fresh("a")).isEqualTo("B");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void answerBeyondItsTime_isWaitedFor() {
        now(cache.find("a", says("A")));
        pass(Duration.ofSeconds(301));

        assertThat(now(cache.find("a", says("B")))).contains("B");
    }

    @Test
    void thatThereIsNone_isRememberedForAWhile() {
        assertThat(now(cache.find("a", says("")))).isEmpty();
        assertThat(now(cache.find("a", says("A")))).isEmpty();
        pass(Duration.ofSeconds(31));

        assertThat(now(cache.find("a", says("A")))).contains("A");
    }

    @Test
    void whileItIsDown_theLastAnswerGoesOn_andIsAskedForInPauses_untilItIsTooOld() {
        now(cache.find("a", says("A")));
        pass(Duration.ofSeconds(301));

        assertThat(now(cache.find("a", isDown()))).contains("A");
        assertThat(now(cache.find("a", isDown()))).contains("A");
        assertThat(asked).isEqualTo(2);

        pass(Duration.ofSeconds(6));
        assertThat(now(cache.find("a", isDown()))).contains("A");
        assertThat(asked).isEqualTo(3);

        pass(Duration.ofHours(1));
        assertThatThrownBy(() -> now(cache.find("a", isDown())))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ApiException.class);
    }

    @Test
    void thatItIsDown_isNotRemembered() {
        assertThatThrownBy(() -> now(cache.find("a", isDown()))).hasCauseInstanceOf(ApiException.class);

        assertThat(now(cache.find("a", says("A")))).contains("A");
    }

    @Test
    void deletedAgent_isGoneAtTheNextLookUp() {
        now(cache.find("a", says("A")));
        pass(Duration.ofSeconds(301));

        assertThat(now(cache.find("a", says("")))).isEmpty();
        assertThat(now(cache.find("a", says("A")))).isEmpty();
    }

    @Test
    void forgotten_isAskedForAgain() {
        now(cache.find("a", says("A")));
        now(cache.find("b", says("")));

        cache.forget("a");
        cache.forget("b");

        assertThat(now(cache.find("a", says("A2")))).contains("A2");
        assertThat(now(cache.find("b", says("B2")))).contains("B2");
    }

    @Test
    void answerThatWasOnItsWayWhenItChanged_isNotRemembered() {
        assertThat(now(cache.find("a", () -> {
                    cache.forget("a");
                    return Optional.of("old");
                })))
                .contains("old");
        assertThat(now(cache.find("a", says("new")))).contains("new");

        cache.find("c", () -> {
            cache.forgetIf(value -> value.equals("other"));
            return Optional.of("old");
        });
        assertThat(now(cache.find("c", says("new")))).contains("new");
        assertThat(cache.fresh("a")).isEqualTo("new");
    }

    @Test
    void askersOfTheSame_waitForOneLookUp_andGoOnElsewhere() {
        CompletionStage<Optional<String>>[] second = stages(1);

        assertThat(now(cache.find("a", () -> {
                    second[0] = cache.find("a", says("B"));
                    return Optional.of("A");
                })))
                .contains("A");
        assertThat(second[0].toCompletableFuture()).isNotDone();
        runLater();

        assertThat(now(second[0])).contains("A");
        assertThat(asked).isZero();
    }

    @Test
    void moreLookUpsOrAskersThanMayWait_areRefused() {
        PortalCache<String> small = cache(1, 1);
        CompletionStage<Optional<String>>[] stages = stages(3);

        now(small.find("a", () -> {
            stages[0] = small.find("b", says("B"));
            stages[1] = small.find("a", says("A"));
            stages[2] = small.find("a", says("A"));
            return Optional.of("A");
        }));
        runLater();

        assertThatThrownBy(() -> now(stages[0])).hasCauseInstanceOf(ApiException.class);
        assertThat(now(stages[1])).contains("A");
        assertThatThrownBy(() -> now(stages[2])).hasCauseInstanceOf(ApiException.class);
        assertThat(now(small.find("b", says("B")))).contains("B");
    }

    @Test
    void bug_isThrown_andHoldsNobodyUp() {
        assertThatThrownBy(() -> cache.find("a", () -> {
                    throw new IllegalStateException("bug");
                }))
                .hasMessage("bug");

        assertThat(now(cache.find("a", says("A")))).contains("A");
    }

    @Test
    void cache_holdsNoMoreThanItMay() {
        for (int i = 0; i < 50; i++) {
            now(cache.find("key" + i, says("A")));
            now(cache.find("none" + i, says("")));
        }

        assertThat(cache.size()).isLessThanOrEqualTo(3);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static CompletionStage<Optional<String>>[] stages(int count) {
        return new CompletionStage[count];
    }
}
