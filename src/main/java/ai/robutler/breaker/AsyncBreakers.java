package ai.robutler.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/**
 * Makes every {@code circuitBreaker} step of a context asynchronous: while the call inside waits, no thread does. Camel's
 * own parks one until the answer is there. The route files are the same for both.
 */
public final class AsyncBreakers implements ProcessorFactory {
    private final ProcessorFactory others;
    private final CircuitBreakerRegistry registry;

    private AsyncBreakers(ProcessorFactory others, CircuitBreakerRegistry registry) {
        this.others = others;
        this.registry = registry;
    }

    /** Has the context make its breakers here from now on. @return the breakers, by name */
    public static CircuitBreakerRegistry install(CamelContext context) {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        ProcessorFactory others = PluginHelper.getProcessorFactory(context);
        context.getCamelContextExtension()
                .addContextPlugin(ProcessorFactory.class, new AsyncBreakers(others, registry));
        return registry;
    }

    @Override
    public @Nullable Processor createProcessor(Route route, NamedNode definition) throws Exception {
        if (definition instanceof CircuitBreakerDefinition breaker) {
            if (breaker.getInheritErrorHandler() == null) {
                // so that a route's redelivery repeats the step; the designers' schema has no place for it
                breaker.setInheritErrorHandler(true);
            }
            return new AsyncBreakerReifier(route, breaker, registry).createProcessor();
        }
        return others.createProcessor(route, definition);
    }

    @Override
    public @Nullable Processor createChildProcessor(Route route, NamedNode definition, boolean mandatory)
            throws Exception {
        return others.createChildProcessor(route, definition, mandatory);
    }

    @Override
    public @Nullable Processor createProcessor(CamelContext context, String name, Object[] arguments) throws Exception {
        return others.createProcessor(context, name, arguments);
    }
}
