package ai.robutler.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    @Test
    void overlay_replacesOnlyWhatIsNamed() {
        assertThat(RateLimits.DEFAULT.overlay(Map.of(Limit.BURST, 50L, Limit.PARALLEL, 4L)))
                .isEqualTo(new RateLimits(50, 60, 1_000, 10_000, 0, 4));
    }

    @Test
    void overlay_zeroLiftsALimit() {
        assertThat(RateLimits.DEFAULT.overlay(Map.of(Limit.DAY, 0L)).day()).isZero();
    }

    @Test
    void new_negativeLimit_namesTheField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimits(1, 1, 1, 1, -1, 1))
                .withMessageContaining("tokens-per-minute is -1");
    }

    @Test
    void new_limitOverTheLargest_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimits(RateLimits.LARGEST + 1, 1, 1, 1, 1, 1))
                .withMessageContaining("burst");
    }
}
