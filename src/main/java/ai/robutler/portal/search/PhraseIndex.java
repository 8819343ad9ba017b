package ai.robutler.portal.search;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Entries that are found by what their phrases mean. An entry is a collection, an id and one or more phrases; its
 * similarity to a question is that of its nearest phrase. All methods may be called by any thread, and none waits for
 * the model to load: until a phrase has its vector, its words decide.
 */
public final class PhraseIndex implements AutoCloseable {

    /**
     * An empty index. Nothing is started before the first {@link #put} or {@link #search}.
     *
     * @param embedders loads the sentence model, once, on a background thread; such as {@code BgeEmbedder::new}
     * @param vectors where vectors outlive this index
     */
    public PhraseIndex(Supplier<Embedder> embedders, VectorStore vectors) {}

    /**
     * Adds an entry, or replaces its phrases. Found by its words at once, and by meaning as soon as the background thread
     * has embedded it.
     *
     * @param phrases one or more; repeated ones count once, empty ones not at all; none removes the entry
     */
    public void put(String collection, String id, List<String> phrases) {
        throw new UnsupportedOperationException(collection + id + phrases);
    }

    /** Forgets an entry; one that is not known stays so. */
    public void remove(String collection, String id) {
        throw new UnsupportedOperationException(collection + id);
    }

    /** The visible entries nearest to a text. */
    public PhraseResult search(PhraseQuery query) {
        throw new UnsupportedOperationException(query.text());
    }

    /**
     * The visible entries nearest to an entry, without itself and without a threshold; none if it is not known.
     *
     * @param limit how many are told at most, 1 to 1000
     */
    public PhraseResult similar(String collection, String id, int limit, Predicate<String> visible) {
        throw new UnsupportedOperationException(collection + id + limit + visible);
    }

    /** How the index is now; never waits. */
    public SearchHealth health() {
        throw new UnsupportedOperationException();
    }

    /** Stops the background thread and gives the model back. Searches go on by words. */
    @Override
    public void close() {}
}
