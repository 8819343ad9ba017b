package ai.robutler.gateway.model;

/**
 * A provider did not answer, or not with an answer: counted by its breaker, and worth another try.
 *
 * <p>The message is for operators and holds nothing of the provider's body.
 */
public final class ProviderFailure extends RuntimeException {
    private final boolean timeout;

    private ProviderFailure(String message, boolean timeout) {
        super(message, null, false, false);
        this.timeout = timeout;
    }

    /** The provider is broken or cannot be reached. */
    public static ProviderFailure broken(String message) {
        return new ProviderFailure(message, false);
    }

    /** The provider said nothing in time. */
    public static ProviderFailure timeout(String message) {
        return new ProviderFailure(message, true);
    }

    /** Whether the caller has already waited as long as a request may: no second try. */
    public boolean isTimeout() {
        return timeout;
    }
}
