package ai.robutler.portal.search;

import java.util.Optional;

/**
 * A text that others are compared to.
 *
 * @param features its words
 * @param vector its meaning; absent if words alone decide
 */
record Probe(String text, TextFeatures features, Optional<float[]> vector) {

    static Probe of(String text, Optional<float[]> vector) {
        return new Probe(text.strip(), TextFeatures.of(text), vector);
    }

    /** How alike the words are, 0 to 1. */
    double words(Row row) {
        return text.equals(row.phrase) ? 1 : features.similarity(row.features);
    }
}
