package ai.robutler.gateway.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A provider answered, and refused: 4xx. It works, so its breaker does not count it. */
public final class ProviderRefusal extends RuntimeException {
    private final int status;
    private final String providerMessage;
    private final String providerCode;
    private final @Nullable String param;
    private final transient @Nullable Duration retryAfter;

    ProviderRefusal(
            int status,
            String providerMessage,
            String providerCode,
            @Nullable String param,
            @Nullable Duration retryAfter) {
        super("status " + status, null, false, false);
        this.status = status;
        this.providerMessage = providerMessage;
        this.providerCode = providerCode;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /** The provider's HTTP status, 400 to 499. */
    public int status() {
        return status;
    }

    /** What the provider says of the request, at most 500 characters; empty when it says nothing. */
    public String providerMessage() {
        return providerMessage;
    }

    /** The provider's error code; empty when it gives none. */
    public String providerCode() {
        return providerCode;
    }

    /** The field that the provider blames; null when it names none. */
    public @Nullable String param() {
        return param;
    }

    /** When the provider wants to be asked again; null when it does not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
