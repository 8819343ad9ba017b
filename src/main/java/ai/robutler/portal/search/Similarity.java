package ai.robutler.portal.search;

/**
 * From a cosine and from words to a similarity that a person would give.
 *
 * <p>Cosines go up to similarities along straight lines through (0, 0), ({@value #MATCH_COSINE}, {@value #MATCH}),
 * ({@value #SURE_COSINE}, {@value #SURE}) and (1, 1), so that their order stays. Both points were read off the pairs of
 * {@code pairs-dev.jsonl} (60 questions with an intent, 15 with none, 66 intents): from {@value #MATCH_COSINE} on lie
 * 97 of 100 cosines of what belongs together and 1.3 of 100 others, the middle between losing more of the first and
 * taking in more of the second; above {@value #SURE_COSINE} lies half of what belongs together and next to nothing else.
 */
final class Similarity {
    /** The similarity from which on a person would call it a match. */
    static final double MATCH = 0.7;

    private static final double MATCH_COSINE = 0.26;
    private static final double SURE = 0.85;
    private static final double SURE_COSINE = 0.42;
    private static final double WORDS_SHARE = 0.3;

    private Similarity() {}

    /** The similarity of meanings, 0 to 1. */
    static double ofCosine(double cosine) {
        if (!(cosine > 0)) {
            return 0;
        }
        if (cosine < MATCH_COSINE) {
            return MATCH * cosine / MATCH_COSINE;
        }
        if (cosine < SURE_COSINE) {
            return MATCH + (SURE - MATCH) * (cosine - MATCH_COSINE) / (SURE_COSINE - MATCH_COSINE);
        }
        return Math.min(1, SURE + (1 - SURE) * (cosine - SURE_COSINE) / (1 - SURE_COSINE));
    }

    /**
     * Meaning, or {@value #WORDS_SHARE} of words and the rest of meaning where that is more. So words lift a text that has
     * the same names and numbers, and do not lower one that says the same in other words.
     */
    static double hybrid(double meaning, double words) {
        return Math.max(meaning, (1 - WORDS_SHARE) * meaning + WORDS_SHARE * words);
    }
}
