package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SimilarityTest {

    @Test
    void similarities_keepTheOrderOfCosines() {
        double before = -1;
        for (int i = 1; i <= 1_000; i++) {
            double similarity = Similarity.ofCosine(i / 1_000.0);
            assertThat(similarity).isGreaterThan(before).isLessThanOrEqualTo(1);
            before = similarity;
        }
        assertThat(before).isEqualTo(1);
    }

    @Test
    void cosinesOutsideTheirRange_areCut() {
        assertThat(Similarity.ofCosine(1.000001)).isEqualTo(1);
        assertThat(Similarity.ofCosine(-0.5)).isZero();
        assertThat(Similarity.ofCosine(Double.NaN)).isZero();
    }

    @Test
    void words_liftAndNeverLower() {
        assertThat(Similarity.hybrid(0.8, 0)).isEqualTo(0.8);
        assertThat(Similarity.hybrid(0.6, 1)).isGreaterThan(0.7);
        assertThat(Similarity.hybrid(1, 1)).isEqualTo(1);
    }
}
