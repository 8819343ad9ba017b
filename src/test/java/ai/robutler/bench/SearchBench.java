package ai.robutler.bench;

import ai.robutler.portal.search.BgeEmbedder;
import ai.robutler.portal.search.PhraseIndex;
import ai.robutler.portal.search.PhraseQuery;
import ai.robutler.portal.search.SearchHealth;
import ai.robutler.portal.search.SearchMode;
import ai.robutler.portal.search.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Measures what a search by meaning costs: time, and memory in this process, for indexes of some sizes. The phrases'
 * vectors are made up, as their numbers do not change the work; the questions are embedded by the real model.
 *
 * <pre>
 * ./mvnw -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=ai.robutler.bench.SearchBench \
 *     -Dexec.args="1000 10000 100000"
 * </pre>
 */
public final class SearchBench {
    private static final int WARM_UP = 300;
    private static final int MEASURED = 500;
    private static final int FRESH = 200;
    private static final int PHRASES_AN_ENTRY = 2;
    private static final List<String> WORDS = List.of(("translate contract German English book flight cheap review code"
                    + " plan meal family tax return letter job explain result doctor apartment repair bicycle poem friend"
                    + " paper novel parcel guitar power garden disease interview logo currency meeting table bird visa"
                    + " story workout website chess grammar wine subscription car funeral audio photo weather mail walk")
            .split(" "));

    private SearchBench() {}

    /** Runs the bench for indexes of so many phrases. */
    public static void main(String[] sizes) throws IOException {
        embedder();
        for (String size : sizes.length == 0 ? new String[] {"1000", "10000", "100000"} : sizes) {
            index(Integer.parseInt(size));
        }
    }

    private static void embedder() throws IOException {
        long rssBefore = rssMb();
        long start = System.nanoTime();
        BgeEmbedder bge = new BgeEmbedder();
        print("load the model: %.0f ms, +%d MB RSS", (System.nanoTime() - start) / 1e6, rssMb() - rssBefore);
        times("embed a phrase of 10 words", FRESH, i -> bge.embed(phrase(new SplittableRandom(i), 10)));
        times("embed 1,000 characters", 20, i -> bge.embed("walk my dog ".repeat(83) + i));
        bge.close();
    }

    private static void index(int phrases) throws IOException {
        long heapBefore = heapMb();
        try (PhraseIndex index = new PhraseIndex(BgeEmbedder::new, new MadeUpVectors())) {
            SplittableRandom random = new SplittableRandom(1);
            long start = System.nanoTime();
            for (int i = 0; i < phrases / PHRASES_AN_ENTRY; i++) {
                index.put("bench", "id" + i, List.of(phrase(random, 7), phrase(random, 9)));
            }
            double putMs = (System.nanoTime() - start) / 1e6;
            while (index.health().state() == SearchHealth.State.INITIALIZING
                    || index.health().waiting() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            double readyMs = (System.nanoTime() - start) / 1e6;
            print("%n== %,d phrases: put %.0f ms, all with vectors after %.0f ms", phrases, putMs, readyMs);
            for (SearchMode mode : SearchMode.values()) {
                times(mode + ", question known", MEASURED, i -> search(index, mode, "question " + i % 50));
            }
            times("VECTOR, question new", FRESH, i -> search(index, SearchMode.VECTOR, "new question " + i));
            times("VECTOR, all match", MEASURED, i -> search(index, SearchMode.VECTOR, "question " + i % 50, 0));
            times("similar", FRESH, i -> index.similar("bench", "id" + i, 10, id -> true));
            times("put", MEASURED, i -> index.put("bench", "id" + i, List.of("changed " + i)));
            print("heap of the index: %d MB; RSS of the process: %d MB", heapMb() - heapBefore, rssMb());
        }
    }

    private static int search(PhraseIndex index, SearchMode mode, String text) {
        return search(index, mode, text, 0.7);
    }

    private static int search(PhraseIndex index, SearchMode mode, String text, double least) {
        return index.search(new PhraseQuery("bench", text, mode, least, 10, id -> true))
                .matches()
                .size();
    }

    private static void times(String what, int count, IntConsumer call) {
        for (int i = 0; i < Math.min(WARM_UP, count); i++) {
            call.accept(i);
        }
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            call.accept(WARM_UP + i);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        print("%-28s p50 %8.3f ms   p99 %8.3f ms", what, nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6);
    }

    private static String phrase(SplittableRandom random, int words) {
        StringBuilder phrase = new StringBuilder();
        for (int i = 0; i < words; i++) {
            phrase.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
        }
        return phrase.append(Integer.toString(random.nextInt(1_000), 36)).toString();
    }

    private static long heapMb() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    private static long rssMb() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(0);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Knows a vector for each phrase, so that none is embedded. */
    private static final class MadeUpVectors implements VectorStore {
        private static final int DIMENSIONS = 384;

        @Override
        public Map<String, float[]> load(Collection<String> keys) {
            Map<String, float[]> vectors = new HashMap<>();
            keys.forEach(key -> vectors.put(key, vector(new SplittableRandom(key.hashCode()))));
            return vectors;
        }

        @Override
        public void save(Map<String, float[]> vectors) {
            throw new IllegalStateException("nothing was to be embedded");
        }

        private static float[] vector(SplittableRandom random) {
            float[] vector = new float[DIMENSIONS];
            double squares = 0;
            for (int d = 0; d < DIMENSIONS; d++) {
                vector[d] = (float) (random.nextDouble() - 0.5);
                squares += (double) vector[d] * vector[d];
            }
            for (int d = 0; d < DIMENSIONS; d++) {
                vector[d] /= (float) Math.sqrt(squares);
            }
            return vector;
        }
    }
}
