package ai.robutler.gateway.ratelimit;

import ai.robutler.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Many threads that call a limiter at once. */
final class Race {
    private Race() {}

    /** Calls {@code attempt} with the thread's number, {@code each} times a thread; how many calls were not refused. */
    static long admitted(int threads, int each, IntConsumer attempt) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<Long>> runs = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                runs.add(pool.submit(() -> {
                    start.await();
                    return run(thread, each, attempt);
                }));
            }
            start.countDown();
            long sum = 0;
            for (Future<Long> run : runs) {
                sum += run.get();
            }
            return sum;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("a racing thread failed", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static long run(int thread, int each, IntConsumer attempt) {
        long admitted = 0;
        for (int i = 0; i < each; i++) {
            try {
                attempt.accept(thread);
                admitted++;
            } catch (ApiException refused) {
                // Counted by not being counted.
            }
        }
        return admitted;
    }
}
