package ai.robutler.portal.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a text its words tell: the stems, and the trigrams of the stems so that typing errors and compounds count in
 * part. Two texts are alike as far as their features weigh the same, wherever the words stand.
 */
final class TextFeatures {
    private static final float STEM_SHARE = 0.6f;
    private static final double ASKED_SHARE = 0.7;
    private static final TextFeatures NONE = new TextFeatures(Map.of());

    private final int[] features;
    private final float[] weights;
    private final double total;

    private TextFeatures(Map<Integer, Float> weighted) {
        this.features = new int[weighted.size()];
        this.weights = new float[weighted.size()];
        int i = 0;
        for (int feature : weighted.keySet()) {
            features[i++] = feature;
        }
        Arrays.sort(features);
        double sum = 0;
        for (i = 0; i < features.length; i++) {
            weights[i] = weighted.getOrDefault(features[i], 0f);
            sum += weights[i];
        }
        this.total = sum;
    }

    /** The features of a text; none if it has neither letters, digits nor symbols. */
    static TextFeatures of(String text) {
        List<String> words = Words.of(text);
        if (words.isEmpty()) {
            return NONE;
        }
        Map<Integer, Float> weighted = new HashMap<>();
        for (String word : words) {
            float weight = Words.weight(word);
            String stem = Words.stem(word);
            weighted.merge(("w " + stem).hashCode(), weight * STEM_SHARE, Math::max);
            addTrigrams(stem, weight * (1 - STEM_SHARE), weighted);
        }
        return new TextFeatures(weighted);
    }

    /**
     * How much of this text, which was asked for, is in another: what they share, over {@value #ASKED_SHARE} of this
     * text's weight and the rest of the other's. 1 for the same words, 0 for none in common.
     */
    double similarity(TextFeatures other) {
        double common = 0;
        int i = 0;
        int j = 0;
        while (i < features.length && j < other.features.length) {
            int mine = features[i];
            int theirs = other.features[j];
            if (mine == theirs) {
                common += Math.min(weights[i], other.weights[j]);
            }
            i += mine <= theirs ? 1 : 0;
            j += theirs <= mine ? 1 : 0;
        }
        return common == 0 ? 0 : Math.min(1, common / (ASKED_SHARE * total + (1 - ASKED_SHARE) * other.total));
    }

    private static void addTrigrams(String stem, float weight, Map<Integer, Float> weighted) {
        String framed = ' ' + stem + ' ';
        int count = framed.length() - 2;
        for (int i = 0; i < count; i++) {
            weighted.merge(framed.substring(i, i + 3).hashCode(), weight / count, Math::max);
        }
    }
}
