package ai.robutler.portal.key;

import ai.robutler.portal.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the requests of each key in memory, and writes them to the database now and then: never once a request. What cannot
 * be written is kept until it can be, and written at the latest when this is closed; a process that is killed loses what it
 * has counted since it last wrote.
 */
public final class KeyUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyUse.class);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int MOST_COUNTS = 100_000;
    private static final int BATCH = 500;

    private final Database database;
    private final KeyUseRepository uses;
    private final Clock clock;
    private final Map<KeyDay, Count> counts = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "key-use");
        thread.setDaemon(true);
        return thread;
    });

    private record KeyDay(String keyId, long day) {}

    private record Count(long requests, long lastAt) {
        Count plus(Count more) {
            return new Count(requests + more.requests, Math.max(lastAt, more.lastAt));
        }
    }

    /** Counts for this database, and writes every {@code interval}. */
    @SuppressWarnings("FutureReturnValueIgnored") // each run tells of its own failure
    public KeyUse(Database database, KeyUseRepository uses, Duration interval, Clock clock) {
        this.database = database;
        this.uses = uses;
        this.clock = clock;
        timer.scheduleWithFixedDelay(this::tryWrite, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Counts one request. */
    public void used(String keyId) {
        long now = clock.millis();
        add(new KeyDay(keyId, Math.floorDiv(now, DAY)), new Count(1, now));
    }

    private void add(KeyDay day, Count count) {
        if (counts.size() < MOST_COUNTS || counts.containsKey(day)) {
            counts.merge(day, count, Count::plus);
        }
    }

    /** Does what reads both the database and what is not in it yet, while nothing moves from here to there. */
    <T> T steadily(Supplier<T> reading) {
        lock.readLock().lock();
        try {
            return reading.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Requests by the day, in days since 1970, that are not in the database yet. */
    Map<Long, Long> waiting(String keyId) {
        Map<Long, Long> waiting = new HashMap<>();
        counts.forEach((key, count) -> {
            if (key.keyId().equals(keyId)) {
                waiting.put(key.day(), count.requests());
            }
        });
        return waiting;
    }

    /** When the key was last used, as far as that is known here or there. */
    OptionalLong lastUsed(ApiKey key) {
        long today = Math.floorDiv(clock.millis(), DAY);
        long latest = key.times().lastUsedAt().orElse(Long.MIN_VALUE);
        for (long day = today - 1; day <= today; day++) {
            Count count = counts.get(new KeyDay(key.id(), day));
            latest = count == null ? latest : Math.max(latest, count.lastAt());
        }
        return latest == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(latest);
    }

    private void tryWrite() {
        try {
            write();
        } catch (RuntimeException failure) {
            LOG.warn("the use of API keys could not be stored ({}); it is kept and tried again", failure.getMessage());
        }
    }

    private void write() {
        lock.writeLock().lock();
        try {
            List<KeyDay> all = new ArrayList<>(counts.keySet());
            for (int from = 0; from < all.size(); from += BATCH) {
                write(all.subList(from, Math.min(all.size(), from + BATCH)));
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void write(List<KeyDay> days) {
        Map<KeyDay, Count> taken = new HashMap<>();
        for (KeyDay day : days) {
            Count count = counts.remove(day);
            if (count != null) {
                taken.put(day, count);
            }
        }
        boolean written = false;
        try {
            database.change(handle -> taken.forEach((day, count) -> {
                uses.add(handle, day.keyId(), day.day(), new KeyUseRepository.Sum(count.requests(), 0, 0));
                uses.used(handle, day.keyId(), count.lastAt());
            }));
            written = true;
        } finally {
            if (!written) {
                taken.forEach((day, count) -> counts.merge(day, count, Count::plus));
            }
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        timer.shutdownNow();
        tryWrite();
    }
}
