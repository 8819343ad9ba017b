package ai.robutler.gateway.model;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.gateway.agent.Agent;
import ai.robutler.gateway.chat.ChatRequest;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** The {@code modelRouter} bean: decides who is asked, and what a failed try means. */
public final class ModelRouter {
    private final Supplier<ModelCatalog> catalog;
    private final int retries;
    private final Duration breakerOpen;

    /**
     * @param catalog the providers in force at this moment
     * @param retries tries of the agent's own model after the first
     * @param breakerOpen how long an open breaker stays so; told to callers as Retry-After
     */
    public ModelRouter(Supplier<ModelCatalog> catalog, int retries, Duration breakerOpen) {
        this.catalog = catalog;
        this.retries = retries;
        this.breakerOpen = breakerOpen;
    }

    /** Sets the variables {@code modelPlan} and {@code breaker}. Fails with 503 when no provider serves the agent's model. */
    public void plan(
            @Variable("agent") Agent agent, @Variable("chatRequest") ChatRequest chatRequest, Exchange exchange) {
        ModelCatalog now = catalog.get();
        List<ModelTarget> own = now.targets(agent.model(), ThreadLocalRandom.current());
        if (own.isEmpty()) {
            throw unavailable("No provider serves the model of agent '" + agent.name() + "'");
        }
        List<ModelTarget> fallbacks = new ArrayList<>();
        for (String model : agent.fallbackModels()) {
            List<ModelTarget> serving = now.targets(Optional.of(model), ThreadLocalRandom.current());
            if (!serving.isEmpty()) {
                fallbacks.add(serving.get(0));
            }
        }
        ModelPlan plan = new ModelPlan(chatRequest, agent.instructions(), own, fallbacks, retries);
        exchange.setVariable("modelPlan", plan);
        exchange.setVariable("breaker", plan.target().breaker());
    }

    /**
     * What becomes of a request whose try has failed; always throws: {@link ModelRetry} to try again after a moment,
     * {@link ModelNext} to try the next at once, else what the caller is told.
     */
    public void afterFailure(@Variable("modelPlan") ModelPlan modelPlan, Exchange exchange) {
        Throwable failure = cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        ApiException answer = answer(failure);
        boolean again = (failure instanceof ProviderFailure broken && !broken.isTimeout())
                || failure instanceof CallNotPermittedException
                || (failure instanceof ProviderRefusal refusal && (refusal.status() == 429 || isOurKey(refusal)));
        boolean dead = !(failure instanceof ProviderFailure);
        if (!again || !modelPlan.advance(dead)) {
            throw answer;
        }
        exchange.setVariable("breaker", modelPlan.target().breaker());
        throw modelPlan.waits() ? new ModelRetry() : new ModelNext();
    }

    private static Throwable cause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProviderFailure
                    || cause instanceof ProviderRefusal
                    || cause instanceof CallNotPermittedException
                    || cause instanceof CallerGone
                    || cause instanceof ApiException) {
                return cause;
            }
        }
        return failure;
    }

    private ApiException answer(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof ProviderRefusal refusal) {
            return answer(refusal);
        }
        if (failure instanceof ProviderFailure broken && broken.isTimeout()) {
            return ApiException.of(ErrorCode.REQUEST_TIMEOUT, "The model did not answer in time");
        }
        if (failure instanceof CallNotPermittedException) {
            return unavailable("The model is not available at the moment").withRetryAfter(breakerOpen);
        }
        if (failure instanceof ProviderFailure || failure instanceof CallerGone) {
            return unavailable("The model is not available at the moment");
        }
        return ApiException.of(ErrorCode.INTERNAL, "An unexpected error occurred");
    }

    private static ApiException answer(ProviderRefusal refusal) {
        if (isOurKey(refusal)) {
            return ApiException.of(ErrorCode.UPSTREAM_AUTH, "The model provider refused the gateway's credentials");
        }
        if (refusal.status() == 429) {
            ApiException limited = ApiException.of(
                    ErrorCode.UPSTREAM_RATE_LIMITED, "The model provider's rate limit is used up; try again later");
            return limited.withRetryAfter(refusal.retryAfter() == null ? Duration.ofSeconds(1) : refusal.retryAfter());
        }
        String message = refusal.providerMessage().isEmpty()
                ? "The model refused the request (status " + refusal.status() + ")"
                : refusal.providerMessage();
        if (refusal.providerCode().equals(ErrorCode.CONTEXT_LENGTH_EXCEEDED.code())) {
            return ApiException.of(ErrorCode.CONTEXT_LENGTH_EXCEEDED, message);
        }
        return refusal.param() == null
                ? ApiException.of(ErrorCode.INVALID_REQUEST, message)
                : ApiException.inField(refusal.param(), message);
    }

    private static boolean isOurKey(ProviderRefusal refusal) {
        return refusal.status() == 401 || refusal.status() == 403;
    }

    private static ApiException unavailable(String message) {
        return ApiException.of(ErrorCode.MODEL_UNAVAILABLE, message).withRetryAfter(Duration.ofSeconds(1));
    }
}
