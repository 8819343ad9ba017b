package ai.robutler.gateway.portal;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalAgent;
import ai.robutler.gateway.model.Secret;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** The {@code portalCalls} bean: each question to the portal, and what a try that failed means. */
public final class PortalCalls {
    private static final String TRIES = "portalTries";

    private final Portal portal;
    private final int retries;
    private final Duration breakerOpen;

    /**
     * @param retries tries after the first that failed; an answer is never asked for again
     * @param breakerOpen how long an open breaker stays so; told to callers as Retry-After
     */
    public PortalCalls(Portal portal, int retries, Duration breakerOpen) {
        this.portal = portal;
        this.retries = retries;
        this.breakerOpen = breakerOpen;
    }

    /** The dynamic agent of that name; empty when there is none. */
    public Optional<PortalAgent> findAgent(String name) {
        return ask(() -> portal.findAgent(name));
    }

    /** Whose API key it is; empty when it is not valid. */
    public Optional<KeyOwner> authenticate(Secret key) {
        return ask(() -> portal.authenticate(key.value()));
    }

    /** Always throws: {@link PortalRetry} to ask again after a moment, else 503 with the time after which to come back. */
    public void afterFailure(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortalBusy busy) {
                throw unavailable(Duration.ofSeconds(busy.retryAfterSeconds()));
            }
            if (cause instanceof CallNotPermittedException) {
                throw unavailable(breakerOpen);
            }
        }
        Integer tries = exchange.getVariable(TRIES, Integer.class);
        int made = tries == null ? 0 : tries;
        if (made >= retries) {
            throw unavailable(breakerOpen);
        }
        exchange.setVariable(TRIES, made + 1);
        throw new PortalRetry();
    }

    /** What a caller is told while the portal cannot be asked. */
    static ApiException unavailable(Duration retryAfter) {
        return ApiException.of(ErrorCode.UNAVAILABLE, "The portal cannot be asked at the moment; try again later")
                .withRetryAfter(retryAfter);
    }

    private static <A> Optional<A> ask(Supplier<Optional<A>> question) {
        try {
            return question.get();
        } catch (ApiException refusal) {
            if (refusal.code() == ErrorCode.RATE_LIMITED) {
                throw new PortalBusy(refusal);
            }
            throw refusal;
        }
    }
}
