package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PathOrderTest {
    private static final List<String> BY_SPECIFICITY = List.of(
            "/health/detailed",
            "/models/{agent}",
            "/models*",
            "/{agent}/chat/completions",
            "/{agent}/{subpath}",
            "/{agent}/*",
            "/*");

    @Test
    void moreSpecificTemplate_isFirst_inWhateverOrderTheyCome() {
        List<String> templates = new ArrayList<>(BY_SPECIFICITY);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(templates, new Random(seed));
            templates.sort(Comparator.comparingInt(PathOrder::rank));
            assertThat(templates).isEqualTo(BY_SPECIFICITY);
        }
    }

    @Test
    void literal_isBeforeParameter_ofTheSameLength() {
        assertThat(PathOrder.rank("/health")).isLessThan(PathOrder.rank("/{agent}"));
        assertThat(PathOrder.rank("/{agent}/health")).isLessThan(PathOrder.rank("/{agent}/{subpath}"));
        assertThat(PathOrder.rank("/")).isLessThan(PathOrder.rank("/{agent}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/*", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}", "/a/b/c/d/e/f/g/h/i/j"})
    void rank_isInItsRange(String template) {
        assertThat(PathOrder.rank(template)).isBetween(0, 6_560);
    }
}
