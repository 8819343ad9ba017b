package ai.robutler.portal.search;

/** A phrase of an entry and its place in the table. */
final class Row {
    /** The place of a row that has left the table. */
    static final int GONE = -1;

    final String phrase;
    final TextFeatures features;
    /** Where its vector is. Written once, before others see the row; {@link #GONE} when it has left. */
    volatile int slot = GONE;
    /** Whether its vector is there; never taken back. */
    volatile boolean embedded;
    /** How often the model failed on it. Of the background thread alone. */
    int failures;

    Row(String phrase) {
        this.phrase = phrase;
        this.features = TextFeatures.of(phrase);
    }
}
