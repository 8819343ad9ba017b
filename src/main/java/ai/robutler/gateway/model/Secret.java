package ai.robutler.gateway.model;

/**
 * A text that must not be seen: it is left out of every log, message and {@code toString}.
 *
 * @param value the text itself; empty when there is none
 */
public record Secret(String value) {

    /** No secret. */
    public static final Secret NONE = new Secret("");

    /** Whether there is one. */
    public boolean isPresent() {
        return !value.isEmpty();
    }

    /** Never the value. */
    @Override
    public String toString() {
        return isPresent() ? "Secret[set]" : "Secret[none]";
    }
}
