package ai.robutler.portal.search;

import java.util.function.Predicate;

/**
 * A question to the index.
 *
 * @param collection which phrases are searched; one that has none answers with nothing
 * @param text what is looked for; empty matches nothing
 * @param mode how texts are compared
 * @param minSimilarity the least similarity of a match, 0 to 1
 * @param limit how many matches are told at most, 1 to 1000
 * @param visible which ids may be told; asked once or more often for each entry of the collection, so it must not wait
 */
public record PhraseQuery(
        String collection, String text, SearchMode mode, double minSimilarity, int limit, Predicate<String> visible) {
    /** The most matches that a search tells. */
    public static final int MOST_MATCHES = 1_000;

    /** Refuses numbers outside their range. */
    public PhraseQuery {
        if (!(minSimilarity >= 0 && minSimilarity <= 1)) {
            throw new IllegalArgumentException("minSimilarity must be between 0 and 1, not " + minSimilarity);
        }
        if (limit < 1 || limit > MOST_MATCHES) {
            throw new IllegalArgumentException("limit must be between 1 and " + MOST_MATCHES + ", not " + limit);
        }
    }
}
