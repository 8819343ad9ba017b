package ai.robutler.portal.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One look over a table: first all vectors, block by block, then the entries that the asker may see. A place that another
 * row took meanwhile does no harm: a row that is still its entry's afterwards was there all the time, and any other than
 * that which was seen at its place goes by its words.
 */
final class Scan {
    private static final Comparator<PhraseMatch> BEST_FIRST =
            Comparator.comparingDouble(PhraseMatch::similarity).reversed().thenComparing(PhraseMatch::id);

    private final List<Probe> probes;
    private final boolean hybrid;
    private final @Nullable Row[] embedded;
    private final float[] cosines;

    /**
     * Compares the probes' vectors to all there are.
     *
     * @param hybrid whether words lift what the vectors say
     */
    Scan(PhraseTable table, List<Probe> probes, boolean hybrid) {
        this.probes = probes;
        this.hybrid = hybrid;
        boolean meaning = probes.stream().anyMatch(probe -> probe.vector().isPresent());
        List<VectorBlock> blocks = meaning ? List.copyOf(table.blocks()) : List.of();
        this.embedded = new Row[blocks.size() * VectorBlock.SIZE];
        this.cosines = new float[embedded.length];
        int offset = 0;
        for (VectorBlock block : blocks) {
            compare(block, offset);
            offset += VectorBlock.SIZE;
        }
    }

    /** The best entries of a table, and how many there are. */
    Found over(Iterable<Entry> entries, Predicate<String> visible, double least, int limit) {
        PriorityQueue<PhraseMatch> best = new PriorityQueue<>(limit + 1, BEST_FIRST.reversed());
        int candidates = 0;
        int near = 0;
        for (Entry entry : entries) {
            List<Row> rows = entry.rows();
            if (rows.isEmpty() || !visible.test(entry.id)) {
                continue;
            }
            candidates++;
            Row nearest = rows.get(0);
            double similarity = -1;
            for (Row row : rows) {
                double each = similarity(row);
                if (each > similarity) {
                    similarity = each;
                    nearest = row;
                }
            }
            if (similarity >= least) {
                near++;
                offer(best, limit, entry.id, nearest, similarity);
            }
        }
        List<PhraseMatch> matches = new ArrayList<>(best);
        matches.sort(BEST_FIRST);
        return new Found(matches, candidates, near);
    }

    private static void offer(PriorityQueue<PhraseMatch> best, int limit, String id, Row row, double similarity) {
        PhraseMatch worst = best.size() < limit ? null : best.peek();
        if (worst != null && similarity < worst.similarity()) {
            return;
        }
        best.add(new PhraseMatch(id, row.phrase, similarity));
        if (best.size() > limit) {
            best.remove();
        }
    }

    private void compare(VectorBlock block, int offset) {
        block.copyEmbedded(embedded, offset);
        for (Probe probe : probes) {
            probe.vector().ifPresent(vector -> block.raiseCosines(vector, cosines, offset));
        }
    }

    private double similarity(Row row) {
        int slot = row.slot;
        if (slot == Row.GONE || slot >= embedded.length || embedded[slot] != row) {
            return words(row);
        }
        double meaning = Similarity.ofCosine(cosines[slot]);
        return hybrid ? Similarity.hybrid(meaning, words(row)) : meaning;
    }

    private double words(Row row) {
        double most = 0;
        for (Probe probe : probes) {
            most = Math.max(most, probe.words(row));
        }
        return most;
    }

    /**
     * What a scan found.
     *
     * @param matches the best first
     * @param candidates how many entries are visible
     * @param near how many of them are similar enough
     */
    record Found(List<PhraseMatch> matches, int candidates, int near) {
        Found {
            matches = List.copyOf(matches);
        }
    }
}
