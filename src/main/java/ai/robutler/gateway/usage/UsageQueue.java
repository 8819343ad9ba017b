package ai.robutler.gateway.usage;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code usageQueue} bean: one thread that records usage behind the answers, and a bounded queue before it. When the
 * queue is full a record is dropped, with a warning at most every second; no answer waits.
 */
public final class UsageQueue extends ThreadPoolExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(UsageQueue.class);
    private static final long FINISH_SECONDS = 5;
    private static final long WARN_NANOS = Duration.ofSeconds(1).toNanos();

    /** @param size how many records may wait */
    public UsageQueue(int size) {
        super(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(size),
                task -> {
                    Thread thread = new Thread(task, "usage");
                    thread.setDaemon(true);
                    return thread;
                },
                new Dropping());
    }

    /** Writes what waits, for a few seconds at most, and takes nothing more. */
    public void finish() {
        shutdown();
        try {
            if (!awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} usage records were not written", getQueue().size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Dropping extends DiscardPolicy {
        private final AtomicLong dropped = new AtomicLong();
        private final AtomicLong warned = new AtomicLong(System.nanoTime() - WARN_NANOS);

        @Override
        public void rejectedExecution(Runnable record, ThreadPoolExecutor queue) {
            long count = dropped.incrementAndGet();
            long last = warned.get();
            long now = System.nanoTime();
            if (now - last >= WARN_NANOS && warned.compareAndSet(last, now)) {
                LOG.warn("the usage queue is full; {} records dropped since the start", count);
            }
        }
    }
}
