package ai.robutler.portal.search;

/** From a cosine and from words to a similarity that a person would give. */
final class Similarity {
    /** The similarity from which on a person would call it a match. */
    static final double MATCH = 0.7;
    /** The cosine of two texts that a person would just call a match. */
    static final double MATCH_COSINE = 0.26;

    private static final double WORDS_SHARE = 0.3;

    private Similarity() {}

    static double ofCosine(double cosine) {
        if (cosine <= 0) {
            return 0;
        }
        if (cosine < MATCH_COSINE) {
            return MATCH * cosine / MATCH_COSINE;
        }
        return Math.min(1, MATCH + (1 - MATCH) * (cosine - MATCH_COSINE) / (1 - MATCH_COSINE));
    }

    /** Meaning, lifted where the words agree more than it does; words never lower it. */
    static double hybrid(double meaning, double words) {
        return Math.max(meaning, (1 - WORDS_SHARE) * meaning + WORDS_SHARE * words);
    }
}
