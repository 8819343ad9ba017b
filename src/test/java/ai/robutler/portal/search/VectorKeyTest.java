package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VectorKeyTest {

    @Test
    void theKey_isThatOfModelAndPhrase() {
        // printf 'm\nwalk dogs' | sha256sum
        assertThat(VectorKey.of("m", "walk dogs"))
                .isEqualTo("159cafc0f6e7d0a90b813e26d543a83002d60669b9b6612faf6623824a2946d3");
        assertThat(VectorKey.of("n", "walk dogs")).isNotEqualTo(VectorKey.of("m", "walk dogs"));
        assertThat(VectorKey.of("m", "walk cats")).isNotEqualTo(VectorKey.of("m", "walk dogs"));
    }
}
