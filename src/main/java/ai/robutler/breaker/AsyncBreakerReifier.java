package ai.robutler.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.OnFallbackDefinition;
import org.apache.camel.model.Resilience4jConfigurationCommon;
import org.apache.camel.model.Resilience4jConfigurationDefinition;
import org.apache.camel.reifier.ProcessorReifier;
import org.jspecify.annotations.Nullable;

/** Reads a {@code circuitBreaker} step and its configuration. Times are seconds, as in Camel 4.18. */
final class AsyncBreakerReifier extends ProcessorReifier<CircuitBreakerDefinition> {
    private final CircuitBreakerRegistry registry;

    AsyncBreakerReifier(Route route, CircuitBreakerDefinition definition, CircuitBreakerRegistry registry) {
        super(route, definition);
        this.registry = registry;
    }

    @Override
    public Processor createProcessor() throws Exception {
        OnFallbackDefinition fallback = definition.getOnFallback();
        if (fallback == null || fallback.getOutputs().isEmpty()) {
            throw new IllegalArgumentException("circuitBreaker '" + definition.getId()
                    + "' has no onFallback; without one an open breaker would let the request pass as its own answer");
        }
        Processor steps = createChildProcessor(true);
        Processor instead = createOutputsProcessor(fallback.getOutputs());
        return new AsyncBreaker(registry, config(), steps, instead);
    }

    private CircuitBreakerConfig config() throws ClassNotFoundException {
        Resilience4jConfigurationCommon settings = settings();
        CircuitBreakerConfig.Builder builder = CircuitBreakerConfig.custom();
        if (settings == null) {
            return builder.build();
        }
        refuse(settings.getTimeoutEnabled(), "timeoutEnabled", "the model's own time limits");
        refuse(settings.getBulkheadEnabled(), "bulkheadEnabled", "a throttle step");
        Float rate = parseFloat(settings.getFailureRateThreshold());
        if (rate != null) {
            builder.failureRateThreshold(rate);
        }
        Integer minimum = parseInt(settings.getMinimumNumberOfCalls());
        if (minimum != null) {
            builder.minimumNumberOfCalls(minimum);
        }
        Integer window = parseInt(settings.getSlidingWindowSize());
        if (window != null) {
            builder.slidingWindowSize(window);
        }
        Integer trials = parseInt(settings.getPermittedNumberOfCallsInHalfOpenState());
        if (trials != null) {
            builder.permittedNumberOfCallsInHalfOpenState(trials);
        }
        Long open = parseLong(settings.getWaitDurationInOpenState());
        if (open != null) {
            // without a timer it would stay open, and /ready not ready, until somebody calls again
            builder.waitDurationInOpenState(Duration.ofSeconds(open))
                    .automaticTransitionFromOpenToHalfOpenEnabled(true);
        }
        if (settings.getRecordExceptions() != null
                && !settings.getRecordExceptions().isEmpty()) {
            List<Class<?>> recorded = classes(settings.getRecordExceptions());
            builder.recordException(failure -> isAny(failure, recorded));
        }
        if (settings.getIgnoreExceptions() != null
                && !settings.getIgnoreExceptions().isEmpty()) {
            List<Class<?>> ignored = classes(settings.getIgnoreExceptions());
            builder.ignoreException(failure -> isAny(failure, ignored));
        }
        return builder.writableStackTraceEnabled(false).build();
    }

    private @Nullable Resilience4jConfigurationCommon settings() {
        if (definition.getConfiguration() != null) {
            return mandatoryLookup(
                    parseString(definition.getConfiguration()), Resilience4jConfigurationDefinition.class);
        }
        return definition.getResilience4jConfiguration();
    }

    private void refuse(@Nullable String flag, String name, String instead) {
        if (Boolean.TRUE.equals(parseBoolean(flag))) {
            throw new IllegalArgumentException("circuitBreaker '" + definition.getId() + "' sets " + name
                    + ", which does not fit streams; use " + instead);
        }
    }

    private List<Class<?>> classes(List<String> names) throws ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : names) {
            classes.add(camelContext.getClassResolver().resolveMandatoryClass(parseString(name)));
        }
        return classes;
    }

    private static boolean isAny(Throwable failure, List<Class<?>> classes) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Class<?> known : classes) {
                if (known.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }
}
