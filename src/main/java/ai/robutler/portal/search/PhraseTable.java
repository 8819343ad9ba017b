package ai.robutler.portal.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one collection. Changes wait for each other, briefly; readers wait for nobody. A place that was left is
 * taken again, so that the table is as large as it ever was, and no larger.
 */
final class PhraseTable {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final List<VectorBlock> blocks = new CopyOnWriteArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final AtomicInteger phrases = new AtomicInteger();
    private final AtomicInteger vectors = new AtomicInteger();

    /** Adds or changes an entry; phrases that it had before keep their vectors. */
    synchronized Entry put(String id, Collection<String> wanted) {
        Entry entry = entries.computeIfAbsent(id, name -> new Entry(this, name));
        List<Row> before = entry.rows();
        List<Row> after = new ArrayList<>();
        for (String phrase : wanted) {
            after.add(before.stream()
                    .filter(row -> row.phrase.equals(phrase))
                    .findFirst()
                    .orElseGet(() -> placed(phrase)));
        }
        entry.become(after);
        before.stream().filter(row -> !after.contains(row)).forEach(this::leave);
        return entry;
    }

    synchronized @Nullable Entry remove(String id) {
        Entry entry = entries.remove(id);
        if (entry != null) {
            List<Row> rows = entry.rows();
            entry.become(List.of());
            rows.forEach(this::leave);
        }
        return entry;
    }

    /** Gives a row its vector; nothing if the row has left. */
    synchronized void embed(Row row, float[] vector) {
        int slot = row.slot;
        if (slot == Row.GONE || row.embedded) {
            return;
        }
        block(slot).write(slot % VectorBlock.SIZE, vector);
        row.embedded = true;
        vectors.incrementAndGet();
    }

    /** A row's vector; absent if it has none. */
    synchronized Optional<float[]> vector(Row row) {
        int slot = row.slot;
        return slot == Row.GONE || !row.embedded
                ? Optional.empty()
                : Optional.of(block(slot).read(slot % VectorBlock.SIZE));
    }

    @Nullable
    Entry entry(String id) {
        return entries.get(id);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    List<VectorBlock> blocks() {
        return blocks;
    }

    int size() {
        return entries.size();
    }

    int phrases() {
        return phrases.get();
    }

    int vectors() {
        return vectors.get();
    }

    private Row placed(String phrase) {
        if (free.isEmpty()) {
            int first = blocks.size() * VectorBlock.SIZE;
            blocks.add(new VectorBlock());
            for (int i = 0; i < VectorBlock.SIZE; i++) {
                free.addLast(first + i);
            }
        }
        Row row = new Row(phrase);
        row.slot = free.removeFirst();
        block(row.slot).place(row.slot % VectorBlock.SIZE, row);
        phrases.incrementAndGet();
        return row;
    }

    private void leave(Row row) {
        int slot = row.slot;
        row.slot = Row.GONE;
        block(slot).place(slot % VectorBlock.SIZE, null);
        free.addFirst(slot);
        phrases.decrementAndGet();
        if (row.embedded) {
            vectors.decrementAndGet();
        }
    }

    private VectorBlock block(int slot) {
        return blocks.get(slot / VectorBlock.SIZE);
    }
}
