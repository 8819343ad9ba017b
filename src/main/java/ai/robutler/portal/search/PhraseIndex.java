package ai.robutler.portal.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Entries that are found by what their phrases mean. An entry is a collection, an id and one or more phrases; its
 * similarity to a question is that of its nearest phrase. All methods may be called by any thread, and none waits for
 * the model to load: until a phrase has its vector, its words decide, and so they do for texts that the model cannot
 * read: it may know one language only. Of a long text the first 1,000 characters count.
 */
public final class PhraseIndex implements AutoCloseable {
    /** How many phrases get a vector, at 1.5 kB each; further ones are found by their words. */
    public static final int MOST_VECTORS = 100_000;

    private static final int MOST_PROBES = 8;

    private final Map<String, PhraseTable> tables = new ConcurrentHashMap<>();
    private final SentenceModel model;
    private final EmbeddingWorker worker;

    /**
     * An empty index. Nothing is started before the first {@link #put}, {@link #search} or {@link #similar}.
     *
     * @param embedders loads the sentence model, once, on a background thread; such as {@code BgeEmbedder::new}
     * @param vectors where vectors outlive this index
     */
    public PhraseIndex(Supplier<Embedder> embedders, VectorStore vectors) {
        this.model = new SentenceModel(embedders);
        this.worker = new EmbeddingWorker(model, vectors, () -> MOST_VECTORS - sum(PhraseTable::vectors));
    }

    /**
     * Adds an entry, or replaces its phrases. Found by its words at once, and by meaning as soon as the background thread
     * has embedded it; phrases that the entry had before keep their vectors.
     *
     * @param collection a name that the program chose; collections are never forgotten
     * @param phrases one or more; repeated ones count once, blank ones not at all; none removes the entry
     */
    public void put(String collection, String id, List<String> phrases) {
        Set<String> wanted = new LinkedHashSet<>();
        phrases.stream().map(String::strip).filter(phrase -> !phrase.isEmpty()).forEach(wanted::add);
        if (wanted.isEmpty()) {
            remove(collection, id);
            return;
        }
        worker.start();
        worker.add(tables.computeIfAbsent(collection, name -> new PhraseTable()).put(id, wanted));
    }

    /** Forgets an entry; one that is not known stays so. */
    public void remove(String collection, String id) {
        PhraseTable table = tables.get(collection);
        Entry entry = table == null ? null : table.remove(id);
        if (entry != null) {
            worker.forget(entry);
        }
    }

    /** The visible entries nearest to a text. */
    public PhraseResult search(PhraseQuery query) {
        worker.start();
        PhraseTable table = tables.get(query.collection());
        if (table == null || query.text().isBlank()) {
            return new PhraseResult(List.of(), asked(query.mode()), 0, 0, query.minSimilarity());
        }
        Optional<float[]> vector = query.mode() == SearchMode.TEXT
                ? Optional.empty()
                : model.ofQuestion(query.text().strip());
        String mode = vector.isEmpty() && query.mode() != SearchMode.TEXT ? "lexical" : asked(query.mode());
        Scan scan = new Scan(table, List.of(Probe.of(query.text(), vector)), query.mode() == SearchMode.HYBRID);
        Scan.Found found = scan.over(table.entries(), query.visible(), query.minSimilarity(), query.limit());
        int filtered = found.candidates() - found.near();
        return new PhraseResult(found.matches(), mode, found.candidates(), filtered, query.minSimilarity());
    }

    /**
     * The visible entries nearest to an entry's first {@value #MOST_PROBES} phrases, without itself and without a
     * threshold; none if it is not known.
     *
     * @param limit how many are told at most, 1 to 1000
     */
    public PhraseResult similar(String collection, String id, int limit, Predicate<String> visible) {
        if (limit < 1 || limit > PhraseQuery.MOST_MATCHES) {
            throw new IllegalArgumentException("limit must be between 1 and 1000, not " + limit);
        }
        worker.start();
        PhraseTable table = tables.get(collection);
        Entry entry = table == null ? null : table.entry(id);
        if (table == null || entry == null) {
            return new PhraseResult(List.of(), "vector", 0, 0, 0);
        }
        List<Probe> probes = new ArrayList<>();
        entry.rows().stream()
                .limit(MOST_PROBES)
                .forEach(row -> probes.add(new Probe(row.phrase, row.features, table.vector(row))));
        String mode = probes.stream().anyMatch(probe -> probe.vector().isPresent()) ? "vector" : "lexical";
        Predicate<String> others = other -> !other.equals(id) && visible.test(other);
        Scan.Found found = new Scan(table, probes, false).over(table.entries(), others, 0, limit);
        return new PhraseResult(found.matches(), mode, found.candidates(), 0, 0);
    }

    /** How the index is now; never waits. */
    public SearchHealth health() {
        return new SearchHealth(
                model.state(),
                model.reason(),
                model.embedder().map(Embedder::model).orElse(""),
                sum(PhraseTable::size),
                sum(PhraseTable::phrases),
                sum(PhraseTable::vectors),
                worker.waiting(),
                worker.failed());
    }

    /** Stops the background thread and gives the model back, within some seconds. Searches go on by words. */
    @Override
    public void close() {
        worker.close();
        model.close();
    }

    private int sum(ToIntFunction<PhraseTable> count) {
        return tables.values().stream().mapToInt(count).sum();
    }

    private static String asked(SearchMode mode) {
        return switch (mode) {
            case VECTOR -> "vector";
            case TEXT -> "text";
            case HYBRID -> "hybrid";
        };
    }
}
