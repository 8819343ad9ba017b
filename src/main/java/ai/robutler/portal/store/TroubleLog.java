package ai.robutler.portal.store;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that the database is in trouble: once every few seconds, however many requests meet it. */
final class TroubleLog {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong untold = new AtomicLong();

    void met(String trouble, Throwable cause) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + INTERVAL_NANOS)) {
            untold.incrementAndGet();
            return;
        }
        LOG.error(
                "database: {} ({}); {} more since the last such line",
                trouble,
                Openings.reason(cause),
                untold.getAndSet(0));
    }
}
