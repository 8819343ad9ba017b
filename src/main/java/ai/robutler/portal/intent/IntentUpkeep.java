package ai.robutler.portal.intent;

import ai.robutler.portal.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one background thread of intents: reads them into memory, and removes expired ones a few at a time. */
final class IntentUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntentUpkeep.class);
    private static final int MOST_BATCHES = 20;
    private static final int BATCH = 500;
    private static final int CLOSE_SECONDS = 5;

    private final Database database;
    private final CatalogSync sync;
    private final IntentCatalog catalog;
    private final VectorRepository vectors;
    private final Clock clock;
    private final IntentRepository intents = new IntentRepository();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "intent-upkeep");
        made.setDaemon(true);
        return made;
    });
    private volatile boolean loaded;

    IntentUpkeep(Database database, CatalogSync sync, IntentCatalog catalog, VectorRepository vectors, Clock clock) {
        this.database = database;
        this.sync = sync;
        this.catalog = catalog;
        this.vectors = vectors;
        this.clock = clock;
    }

    /**
     * Begins at once, and returns.
     *
     * @param refresh between two readings of what other processes write; the first reading is repeated as often until it
     *     succeeds
     * @param purge between two removals of what has expired
     */
    @SuppressWarnings("FutureReturnValueIgnored") // each run tells of its own failure
    void start(Duration refresh, Duration purge) {
        thread.scheduleWithFixedDelay(
                () -> guarded("intents cannot be read", this::refresh), 0, refresh.toMillis(), TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(
                () -> guarded("expired intents cannot be removed", this::purge),
                purge.toMillis(),
                purge.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Whether all intents are in memory. */
    boolean isLoaded() {
        return loaded;
    }

    /** Has all intents read once more, at the next time for it. */
    void readAgain() {
        loaded = false;
    }

    private void refresh() {
        if (!loaded || database.address().postgres()) {
            sync.run();
            loaded = true;
        }
    }

    /** Removes at most {@value #MOST_BATCHES} batches of {@value #BATCH}; the rest is for the next run. */
    void purge() {
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            long now = clock.millis();
            List<String> gone = database.write(handle -> intents.purge(handle, now, BATCH));
            catalog.removeOlder(gone, now);
            if (gone.size() < BATCH) {
                break;
            }
        }
        for (int batch = 0; batch < MOST_BATCHES && vectors.purge(BATCH) >= BATCH; batch++) {
            LOG.debug("removed {} vectors that nobody has used for long", BATCH);
        }
    }

    /** A run that fails must not end all further ones. */
    private static void guarded(String what, Runnable run) {
        try {
            run.run();
        } catch (RuntimeException failure) {
            LOG.warn("{}; it is tried again: {}", what, failure.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("intents are still being read; this ends with the process");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
