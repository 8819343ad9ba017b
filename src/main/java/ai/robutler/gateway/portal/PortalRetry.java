package ai.robutler.gateway.portal;

/** The portal is to be asked again after a moment. */
public final class PortalRetry extends RuntimeException {

    PortalRetry() {
        super("another try", null, false, false);
    }
}
