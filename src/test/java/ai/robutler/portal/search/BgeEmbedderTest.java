package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BgeEmbedderTest {
    private final Embedder bge = SharedModel.get();

    @ParameterizedTest
    @ValueSource(strings = {"Walk dogs in the park", "x", "🎉", "翻译波兰合同", "\ud83cx", "x\u0000"})
    void vectors_haveLengthOne(String text) {
        float[] vector = bge.embed(text);

        assertThat(vector).hasSize(bge.dimensions());
        assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-4));
    }

    @Test
    void ofALongText_theStartCounts() {
        String start = "walk the dog in the park ".repeat(40);
        String longer = start + "and paint the walls of my house ".repeat(300);

        assertThat(bge.embed(longer)).isEqualTo(bge.embed(longer.substring(0, 1_000)));
        assertThat(start).hasSize(1_000);
    }

    @Test
    void theTokenizer_mayNotCallHome() {
        assertThat(ai.djl.util.Utils.isOfflineMode()).isTrue();
    }

    @Test
    void severalAtOnce_getTheirOwnVectors() throws ExecutionException, InterruptedException {
        List<String> texts = List.of("walk dogs", "paint walls", "translate letters", "fix cars");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<float[]>> vectors = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String text = texts.get(i % 4);
            vectors.add(threads.submit(() -> bge.embed(text)));
        }
        for (int i = 0; i < 40; i++) {
            assertThat(cosine(vectors.get(i).get(), bge.embed(texts.get(i % 4))))
                    .isCloseTo(1, within(1e-4));
        }
        threads.shutdown();
    }

    @Test
    void aClosedModel_isGone_andAnotherCanBeLoaded() {
        BgeEmbedder first = new BgeEmbedder();
        first.close();

        assertThat(bge.embed("walk dogs")).hasSize(bge.dimensions());
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int d = 0; d < one.length; d++) {
            sum += one[d] * other[d];
        }
        return sum;
    }
}
