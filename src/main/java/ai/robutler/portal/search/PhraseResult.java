package ai.robutler.portal.search;

import java.util.List;

/**
 * What a search found.
 *
 * @param matches the best first; of two alike the one whose id sorts first
 * @param mode how texts were compared: {@code vector}, {@code text} or {@code hybrid} as asked, or {@code lexical}:
 *     the model is not ready, failed or
 *     does not know the question's language, so that words decided
 * @param totalCandidates how many visible entries the collection has
 * @param filteredByThreshold how many of them are below the threshold
 * @param threshold the least similarity of a match, as asked
 */
public record PhraseResult(
        List<PhraseMatch> matches, String mode, int totalCandidates, int filteredByThreshold, double threshold) {

    /** Copies the matches. */
    public PhraseResult {
        matches = List.copyOf(matches);
    }
}
