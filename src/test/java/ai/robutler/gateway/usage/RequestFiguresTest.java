package ai.robutler.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RequestFiguresTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(1_000 * SECOND);
    private final RequestFigures figures = new RequestFigures(now::get);

    private void request(long millis, int status) {
        figures.started();
        figures.ended(millis * 1_000_000, status);
    }

    @Test
    void beforeTheFirst_allIsZero() {
        assertThat(figures.total()).isZero();
        assertThat(figures.lastMinute()).isZero();
        assertThat(figures.averageMillis()).isZero();
        assertThat(figures.errorRate()).isZero();
    }

    @Test
    void lastMinute_slides() {
        request(1, 200);
        now.addAndGet(30 * SECOND);
        request(1, 200);
        assertThat(figures.lastMinute()).isEqualTo(2);

        now.addAndGet(29 * SECOND);
        assertThat(figures.lastMinute()).isEqualTo(2);
        now.addAndGet(SECOND);
        assertThat(figures.lastMinute()).isEqualTo(1);
        now.addAndGet(30 * SECOND);
        assertThat(figures.lastMinute()).isZero();
        assertThat(figures.total()).isEqualTo(2);
    }

    @Test
    void lastMinute_isNotCapped_andASlotIsUsedAgain() {
        for (int i = 0; i < 5_000; i++) {
            request(1, 200);
        }
        assertThat(figures.lastMinute()).isEqualTo(5_000);

        now.addAndGet(60 * SECOND);
        request(1, 200);
        assertThat(figures.lastMinute()).isEqualTo(1);
    }

    @Test
    void clockBelowZero_countsToo() {
        now.set(-5 * SECOND);
        request(1, 200);
        now.addAndGet(10 * SECOND);
        assertThat(figures.lastMinute()).isEqualTo(1);
    }

    @Test
    void active_areThoseThatHaveNotEnded() {
        figures.started();
        figures.started();
        figures.ended(1, 200);
        assertThat(figures.active()).isEqualTo(1);
    }

    @Test
    void averageAndErrorRate_areOfAllThatEnded() {
        request(10, 200);
        request(20, 404);
        request(60, 503);
        request(10, 499);

        assertThat(figures.averageMillis()).isEqualTo(25);
        assertThat(figures.errorRate()).isEqualTo(0.25);
    }
}
