package ai.robutler.portal.search;

/**
 * How the index is, for a health page.
 *
 * @param state whether it searches by meaning
 * @param reason why it is unhealthy; empty when it is not
 * @param model the model's name; empty until it is loaded
 * @param entries how many entries there are, of all collections
 * @param phrases how many phrases they have
 * @param vectors how many of the phrases have their vector
 * @param waiting how many entries wait for vectors
 * @param failed how many phrases could not be embedded since the start; they are found by words
 */
public record SearchHealth(
        State state, String reason, String model, int entries, int phrases, int vectors, int waiting, long failed) {

    /** Whether the model is there. */
    public enum State {
        /** Not asked for yet, or being loaded; words decide until then. */
        INITIALIZING,
        /** Loaded, and its last answer was one. */
        HEALTHY,
        /** It cannot be loaded, or its last answer was a failure. */
        UNHEALTHY
    }
}
