package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Searches while entries come, change and go. */
final class ConcurrentSearchTest {
    private static final int STEADY = 300;
    private static final int PASSING = 20;
    private static final int CHANGES = 20_000;

    private final PhraseIndex index = new PhraseIndex(HashEmbedder::new, new MemoryVectorStore());

    @Test
    void whatStays_isAlwaysFound_andNoVectorIsTakenForAnothers() throws ExecutionException, InterruptedException {
        for (int i = 0; i < STEADY; i++) {
            index.put("c", "steady" + i, List.of(steady(i)));
        }
        Eventually.atRest(index);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> searches = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                int seed = i;
                searches.add(threads.submit(() -> searchUntil(over, seed)));
            }
            Future<?> one = threads.submit(() -> change(1));
            Future<?> other = threads.submit(() -> change(2));
            one.get();
            other.get();
            over.set(true);
            for (Future<Integer> search : searches) {
                assertThat(search.get()).isPositive();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        Eventually.atRest(index);
        assertThat(index.health().entries()).isEqualTo(STEADY);
        assertThat(index.health().vectors()).isEqualTo(STEADY);
        index.close();
    }

    private int searchUntil(AtomicBoolean over, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = 0;
        while (!over.get() || count == 0) {
            String passing = passing(random.nextInt(PASSING));
            assertThat(index.search(new PhraseQuery("c", passing, SearchMode.VECTOR, 0.95, 9, id -> true))
                            .matches())
                    .extracting(PhraseMatch::phrase)
                    .allMatch(passing::equals);
            int wanted = random.nextInt(STEADY);
            PhraseResult result =
                    index.search(new PhraseQuery("c", steady(wanted), SearchMode.VECTOR, 0.95, 5, id -> true));
            assertThat(result.mode()).isEqualTo("vector");
            assertThat(result.matches()).extracting(PhraseMatch::phrase).containsExactly(steady(wanted));
            count++;
        }
        return count;
    }

    private void change(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CHANGES; i++) {
            String id = "thread " + seed + " passing " + random.nextInt(50);
            if (random.nextInt(3) == 0) {
                index.remove("c", id);
            } else {
                index.put("c", id, List.of(passing(random.nextInt(PASSING)), passing(random.nextInt(PASSING))));
            }
        }
        for (int i = 0; i < 50; i++) {
            index.remove("c", "thread " + seed + " passing " + i);
        }
    }

    private static String passing(int i) {
        return "passing text " + Integer.toString(i * 7_919, 36);
    }

    private static String steady(int i) {
        return "steady phrase " + Integer.toString(i * 7_919, 36);
    }
}
