package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.search.SearchHealth.State;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a search does while the model is not there, or no more. */
final class ModelFailureTest {
    private final HashEmbedder embedder = new HashEmbedder();
    private final MemoryVectorStore store = new MemoryVectorStore();

    @Test
    void nothingIsLoaded_beforeItIsNeeded() {
        AtomicInteger loads = new AtomicInteger();
        try (PhraseIndex index = new PhraseIndex(counted(loads), store)) {
            assertThat(index.health().state()).isEqualTo(State.INITIALIZING);
            assertThat(loads).hasValue(0);

            search(index, "anything", SearchMode.TEXT);
            Eventually.isTrue("loaded", () -> index.health().state() == State.HEALTHY);
            put(index, "a", "walk dogs");
            Eventually.atRest(index);
            assertThat(loads).hasValue(1);
        }
        assertThat(embedder.closed).isTrue();
    }

    @Test
    void whileTheModelLoads_wordsDecide_andNobodyWaits() {
        CountDownLatch gate = new CountDownLatch(1);
        try (PhraseIndex index = new PhraseIndex(gated(gate), store)) {
            put(index, "a", "walk dogs");
            put(index, "b", "paint walls");

            PhraseResult early = search(index, "walking dogs", SearchMode.HYBRID);
            assertThat(early.mode()).isEqualTo("lexical");
            assertThat(early.matches()).extracting(PhraseMatch::id).containsExactly("a");
            assertThat(index.similar("c", "a", 5, id -> true).mode()).isEqualTo("lexical");
            assertThat(index.health().waiting()).isEqualTo(2);
            assertThat(index.health().state()).isEqualTo(State.INITIALIZING);

            gate.countDown();
            Eventually.atRest(index);
            assertThat(search(index, "walk dogs", SearchMode.HYBRID).mode()).isEqualTo("hybrid");
            assertThat(index.health().vectors()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {UnsatisfiedLinkError.class, IllegalStateException.class, OutOfMemoryError.class})
    void aModelThatCannotBeLoaded_leavesTheWords(Class<? extends Throwable> kind) throws Exception {
        Throwable failure = kind.getConstructor(String.class).newInstance("not for this machine");
        Supplier<Embedder> broken = () -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
        try (PhraseIndex index = new PhraseIndex(broken, store)) {
            put(index, "a", "walk dogs");
            Eventually.isTrue("failed", () -> index.health().state() == State.UNHEALTHY);

            assertThat(index.health().reason()).contains("cannot be loaded", "not for this machine");
            PhraseResult result = search(index, "walk dogs", SearchMode.VECTOR);
            assertThat(result.mode()).isEqualTo("lexical");
            assertThat(result.matches()).hasSize(1);
        }
    }

    @Test
    void aModelThatFails_leavesTheWords_untilItWorksAgain() {
        try (PhraseIndex index = new PhraseIndex(() -> embedder, store)) {
            put(index, "a", "walk dogs");
            Eventually.atRest(index);
            embedder.broken = true;

            PhraseResult result = search(index, "walk the dogs", SearchMode.VECTOR);
            assertThat(result.mode()).isEqualTo("lexical");
            assertThat(result.matches()).hasSize(1);
            assertThat(index.health().state()).isEqualTo(State.UNHEALTHY);
            assertThat(index.health().reason()).contains("as if the library were gone");

            put(index, "b", "paint walls");
            Eventually.isTrue("given up", () -> index.health().failed() == 1);
            assertThat(search(index, "painted wall", SearchMode.HYBRID).matches())
                    .hasSize(1);

            embedder.broken = false;
            assertThat(search(index, "walk the dogs", SearchMode.VECTOR).mode()).isEqualTo("vector");
            assertThat(index.health().state()).isEqualTo(State.HEALTHY);
            assertThat(search(index, "painted wall", SearchMode.VECTOR).matches())
                    .as("what has no vector is found by its words")
                    .hasSize(1);
        }
    }

    @Test
    void aQuestionAskedAgain_isNotEmbeddedAgain() {
        try (PhraseIndex index = new PhraseIndex(() -> embedder, store)) {
            put(index, "a", "walk dogs");
            Eventually.atRest(index);
            for (int i = 0; i < 5; i++) {
                search(index, "walk the dogs", SearchMode.VECTOR);
                search(index, "walk the dogs", SearchMode.TEXT);
            }
        }
        assertThat(embedder.embedded).hasValue(2);
    }

    @Test
    void aRestart_embedsNothingAgain() {
        fill(10_000).close();
        assertThat(embedder.embedded).hasValue(10_000);

        try (PhraseIndex again = fill(10_000)) {
            assertThat(again.health().vectors()).isEqualTo(10_000);
        }
        assertThat(embedder.embedded).hasValue(10_000);
    }

    @Test
    void aStoreThatFails_costsNothingButWork() {
        VectorStore down = new VectorStore() {
            @Override
            public Map<String, float[]> load(Collection<String> keys) {
                throw new IllegalStateException("database down");
            }

            @Override
            public void save(Map<String, float[]> vectors) {
                throw new IllegalStateException("database down");
            }
        };
        try (PhraseIndex index = new PhraseIndex(() -> embedder, down)) {
            put(index, "a", "walk dogs");
            Eventually.atRest(index);

            assertThat(index.health().vectors()).isEqualTo(1);
            assertThat(index.health().state()).isEqualTo(State.HEALTHY);
        }
    }

    @Test
    void storedVectorsOfAnotherLength_areMadeAgain() {
        store.vectors.put(VectorKey.of(embedder.model(), "walk dogs"), new float[3]);
        try (PhraseIndex index = new PhraseIndex(() -> embedder, store)) {
            put(index, "a", "walk dogs");
            Eventually.atRest(index);
            assertThat(search(index, "walk dogs", SearchMode.VECTOR).matches()).hasSize(1);
        }
        assertThat(embedder.embedded).hasPositiveValue();
    }

    @Test
    void aClosedIndex_findsByWords() {
        PhraseIndex index = new PhraseIndex(() -> embedder, store);
        put(index, "a", "walk dogs");
        Eventually.atRest(index);
        index.close();

        put(index, "b", "walk cats");
        assertThat(search(index, "walk cats", SearchMode.HYBRID).mode()).isEqualTo("lexical");
        assertThat(index.health().state()).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void aModelLoadedAfterTheEnd_isGivenBack() {
        CountDownLatch gate = new CountDownLatch(1);
        PhraseIndex index = new PhraseIndex(gated(gate), store);
        put(index, "a", "walk dogs");
        Thread closing = new Thread(index::close);
        closing.start();
        Eventually.isTrue("closing", () -> index.health().waiting() == 0);
        gate.countDown();
        Eventually.isTrue("given back", () -> embedder.closed);
        Eventually.isTrue("closed", () -> !closing.isAlive());
    }

    private PhraseIndex fill(int count) {
        PhraseIndex index = new PhraseIndex(() -> embedder, store);
        for (int i = 0; i < count; i++) {
            put(index, "id" + i, "phrase number " + i);
        }
        Eventually.atRest(index);
        return index;
    }

    private Supplier<Embedder> counted(AtomicInteger loads) {
        return () -> {
            loads.incrementAndGet();
            return embedder;
        };
    }

    private Supplier<Embedder> gated(CountDownLatch gate) {
        return () -> {
            boolean open = false;
            while (!open) {
                try {
                    gate.await();
                    open = true;
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            return embedder;
        };
    }

    private static void put(PhraseIndex index, String id, String phrase) {
        index.put("c", id, List.of(phrase));
    }

    private static PhraseResult search(PhraseIndex index, String text, SearchMode mode) {
        return index.search(new PhraseQuery("c", text, mode, 0.6, 10, id -> true));
    }
}
