package ai.robutler.http;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a route's steps run: they may block, so never on an event loop. A virtual thread for each on JDK 21 and later,
 * else a pool of workers; a request that waits for its model holds neither.
 */
public final class StepExecutor implements Executor, AutoCloseable {
    private final ExecutorService threads;
    private final boolean virtual;

    /**
     * Starts the threads.
     *
     * @param workers how many platform threads there are at most where the JDK has no virtual ones
     * @param queued how many steps may wait for one of them; more are refused
     */
    public StepExecutor(int workers, int queued) {
        ExecutorService perTask = virtualThreads();
        this.virtual = perTask != null;
        this.threads = perTask != null ? perTask : workers(workers, queued);
    }

    /** Whether each step has a virtual thread of its own. */
    public boolean isVirtual() {
        return virtual;
    }

    /** Runs the step soon. @throws RejectedExecutionException when all workers are busy and the queue is full */
    @Override
    public void execute(Runnable step) {
        threads.execute(step);
    }

    /** Takes no further step; those begun go on. */
    @Override
    public void close() {
        threads.shutdown();
    }

    private static ExecutorService workers(int workers, int queued) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                workers, workers, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queued), task -> {
                    Thread thread = new Thread(task, "step-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static @Nullable ExecutorService virtualThreads() {
        try {
            // Only JDK 21 and later has it; this code also runs on 17.
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException tooOld) {
            return null;
        }
    }
}
