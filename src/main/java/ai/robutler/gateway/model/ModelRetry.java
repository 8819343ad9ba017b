package ai.robutler.gateway.model;

/** The model call is to be tried again after a moment. */
public final class ModelRetry extends RuntimeException {

    ModelRetry() {
        super("another try", null, false, false);
    }
}
