package ai.robutler.gateway.portal;

import ai.robutler.api.ApiException;

/**
 * The portal has been asked too often for one key. Says nothing of the portal itself, so no breaker counts it: else one
 * caller could open it for all.
 */
public final class PortalBusy extends RuntimeException {
    private final transient ApiException refusal;

    PortalBusy(ApiException refusal) {
        super(refusal.message(), refusal, false, false);
        this.refusal = refusal;
    }

    /** Whole seconds until the portal may be asked again. */
    long retryAfterSeconds() {
        Long seconds = refusal.retryAfterSeconds();
        return seconds == null ? 1 : seconds;
    }
}
