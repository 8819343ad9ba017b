package ai.robutler.portal.search;

/** How a search compares texts. */
public enum SearchMode {
    /** By meaning. */
    VECTOR,
    /** By words, exactly: no model is asked. */
    TEXT,
    /** By meaning, lifted where the words agree as well. */
    HYBRID
}
