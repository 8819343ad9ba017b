package ai.robutler.portal.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one background thread: loads the model, then gives rows their vectors, from the store where it knows them. The
 * backlog holds each entry at most once, so it is never longer than the index, and nothing is dropped from it.
 */
final class EmbeddingWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingWorker.class);
    /** How many rows go to the store at once. */
    static final int BATCH = 256;

    private static final int MOST_FAILURES = 3;
    private static final Duration TURN_WAIT = Duration.ofMinutes(1);
    private static final int CLOSE_MS = 5_000;

    private final SentenceModel model;
    private final VectorStore store;
    private final IntSupplier room;
    private final Set<Entry> backlog = new LinkedHashSet<>();
    private final AtomicLong failed = new AtomicLong();
    private @Nullable Thread thread;
    private boolean closed;
    private int inHand;

    /** @param room how many more vectors the index takes */
    EmbeddingWorker(SentenceModel model, VectorStore store, IntSupplier room) {
        this.model = model;
        this.store = store;
        this.room = room;
    }

    /** Starts the thread if it never was. */
    synchronized void start() {
        if (thread == null && !closed) {
            thread = new Thread(this::work, "phrase-embedder");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Queues an entry; never waits for the model. */
    synchronized void add(Entry entry) {
        if (!closed) {
            backlog.add(entry);
            notifyAll();
        }
    }

    synchronized void forget(Entry entry) {
        backlog.remove(entry);
    }

    synchronized int waiting() {
        return backlog.size() + inHand;
    }

    long failed() {
        return failed.get();
    }

    /** Ends the thread after the text at hand. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            backlog.clear();
            notifyAll();
            running = thread;
        }
        if (running == null) {
            return;
        }
        try {
            running.join(CLOSE_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        if (!model.load()) {
            return;
        }
        for (List<Entry> batch = take(); !batch.isEmpty(); batch = take()) {
            tryEmbed(batch);
        }
    }

    private void tryEmbed(List<Entry> batch) {
        try {
            embed(batch);
        } catch (Throwable broken) {
            model.fail("the background thread failed", broken);
        }
    }

    private synchronized List<Entry> take() {
        inHand = 0;
        while (backlog.isEmpty() && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                return List.of();
            }
        }
        List<Entry> batch = new ArrayList<>();
        for (Iterator<Entry> waiting = backlog.iterator(); waiting.hasNext() && batch.size() < BATCH; ) {
            batch.add(waiting.next());
            waiting.remove();
        }
        inHand = batch.size();
        return batch;
    }

    private void embed(List<Entry> batch) {
        Embedder embedder = model.embedder().orElse(null);
        if (embedder == null) {
            return;
        }
        Map<Row, Entry> rows = new LinkedHashMap<>();
        for (Entry entry : batch) {
            for (Row row : entry.rows()) {
                if (!row.embedded && embedder.reads(row.phrase)) {
                    rows.put(row, entry);
                }
                if (rows.size() == BATCH) {
                    embedRows(embedder, rows);
                    rows.clear();
                }
            }
        }
        embedRows(embedder, rows);
    }

    private void embedRows(Embedder embedder, Map<Row, Entry> rows) {
        Map<Row, String> keys = new LinkedHashMap<>();
        rows.keySet().forEach(row -> keys.put(row, VectorKey.of(embedder.model(), row.phrase)));
        Map<String, float[]> known = loaded(Set.copyOf(keys.values()));
        known.values().removeIf(vector -> vector.length != embedder.dimensions());
        Map<String, float[]> made = new HashMap<>();
        for (Map.Entry<Row, String> each : keys.entrySet()) {
            if (isOver()) {
                break;
            }
            Row row = each.getKey();
            Entry entry = Objects.requireNonNull(rows.get(row));
            if (!known.containsKey(each.getValue())) {
                embedded(row, entry).ifPresent(vector -> {
                    known.put(each.getValue(), vector);
                    made.put(each.getValue(), vector);
                });
            }
            float[] vector = known.get(each.getValue());
            if (vector != null && room.getAsInt() > 0) {
                entry.table.embed(row, vector);
            }
        }
        save(made);
    }

    private Optional<float[]> embedded(Row row, Entry entry) {
        Optional<float[]> vector = model.embed(Words.cut(row.phrase), TURN_WAIT);
        if (vector.isEmpty()) {
            row.failures++;
            if (row.failures < MOST_FAILURES) {
                add(entry);
            } else {
                failed.incrementAndGet();
            }
        }
        return vector;
    }

    private synchronized boolean isOver() {
        return closed;
    }

    private Map<String, float[]> loaded(Set<String> keys) {
        try {
            return keys.isEmpty() ? new HashMap<>() : new HashMap<>(store.load(keys));
        } catch (RuntimeException broken) {
            LOG.warn("stored vectors cannot be read; phrases are embedded again", broken);
            return new HashMap<>();
        }
    }

    private void save(Map<String, float[]> made) {
        try {
            if (!made.isEmpty()) {
                store.save(made);
            }
        } catch (RuntimeException broken) {
            LOG.warn("{} vectors cannot be stored; they are made again after a restart", made.size(), broken);
        }
    }
}
