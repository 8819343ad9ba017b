package ai.robutler.http;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a route's steps run: they may block, so never on an event loop. A virtual thread for each on JDK 21 and later,
 * else a pool of workers; a request that waits for its model holds neither.
 */
public final class StepExecutor implements Executor, AutoCloseable {
    private final ExecutorService threads;
    private final boolean virtual;
    private final int queued;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Starts the threads.
     *
     * @param workers how many platform threads there are at most where the JDK has no virtual ones
     * @param queued how many steps may wait for one of them; more are refused
     */
    public StepExecutor(int workers, int queued) {
        ExecutorService perTask = virtualThreads();
        this.virtual = perTask != null;
        this.threads = perTask != null ? perTask : workers(workers);
        this.queued = queued;
    }

    /** Whether each step has a virtual thread of its own. */
    public boolean isVirtual() {
        return virtual;
    }

    /**
     * Runs the step soon.
     *
     * @throws RejectedExecutionException when all workers are busy and too many steps wait
     */
    @Override
    public void execute(Runnable step) {
        if (virtual) {
            threads.execute(step);
            return;
        }
        if (waiting.incrementAndGet() > queued) {
            waiting.decrementAndGet();
            throw new RejectedExecutionException(queued + " steps are waiting (gateway.workers-queue)");
        }
        threads.execute(() -> {
            waiting.decrementAndGet();
            step.run();
        });
    }

    /** Takes no further step; those begun go on. */
    @Override
    public void close() {
        threads.shutdown();
    }

    /** First in, first out; the worker that was busy last is woken first, which keeps a few warm instead of many cold. */
    private static ExecutorService workers(int workers) {
        AtomicInteger number = new AtomicInteger();
        ForkJoinPool.ForkJoinWorkerThreadFactory named = pool -> {
            ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
            thread.setName("step-" + number.incrementAndGet());
            thread.setContextClassLoader(StepExecutor.class.getClassLoader());
            return thread;
        };
        return new ForkJoinPool(workers, named, null, true);
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
