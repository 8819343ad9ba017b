package ai.robutler.gateway.model;

/** The next provider or model is to be tried at once. */
public final class ModelNext extends RuntimeException {

    ModelNext() {
        super("the next try", null, false, false);
    }
}
