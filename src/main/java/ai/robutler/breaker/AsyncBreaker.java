package ai.robutler.breaker;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Navigate;
import org.apache.camel.Processor;
import org.apache.camel.spi.IdAware;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker around steps that may answer later. Its name is the exchange's variable {@code breaker}, so that one
 * step serves every provider with a breaker each; without the variable, the step's id.
 *
 * <p>A failed or refused call goes through the fallback steps, with the failure as {@code ${exception}}.
 */
final class AsyncBreaker extends AsyncProcessorSupport implements IdAware, RouteIdAware, Navigate<Processor> {
    private static final String NAME = "breaker";

    private final CircuitBreakerRegistry registry;
    private final CircuitBreakerConfig config;
    private final AsyncProcessor steps;
    private final AsyncProcessor fallback;
    private String id = "circuitBreaker";
    private String routeId = "";

    AsyncBreaker(CircuitBreakerRegistry registry, CircuitBreakerConfig config, Processor steps, Processor fallback) {
        this.registry = registry;
        this.config = config;
        this.steps = AsyncProcessorConverterHelper.convert(steps);
        this.fallback = AsyncProcessorConverterHelper.convert(fallback);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        String name = exchange.getVariable(NAME, String.class);
        CircuitBreaker breaker = registry.circuitBreaker(name == null ? id : name, config);
        if (!breaker.tryAcquirePermission()) {
            exchange.setException(CallNotPermittedException.createCallNotPermittedException(breaker));
            return fallBack(exchange, callback);
        }
        long start = breaker.getCurrentTimestamp();
        return steps.process(exchange, doneSync -> {
            Exception failure = exchange.getException();
            long duration = breaker.getCurrentTimestamp() - start;
            if (failure == null) {
                breaker.onSuccess(duration, breaker.getTimestampUnit());
                callback.done(doneSync);
                return;
            }
            breaker.onError(duration, breaker.getTimestampUnit(), failure);
            // the first callback's thread goes on; a synchronous end is told as such only when the fallback's is
            fallBack(exchange, done -> callback.done(doneSync && done));
        });
    }

    private boolean fallBack(Exchange exchange, AsyncCallback callback) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
        exchange.setException(null);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        exchange.setRollbackOnly(false);
        return fallback.process(exchange, callback);
    }

    @Override
    public List<Processor> next() {
        return List.of(steps, fallback);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public void setId(@Nullable String id) {
        if (id != null) {
            this.id = id;
        }
    }

    @Override
    public String getRouteId() {
        return routeId;
    }

    @Override
    public void setRouteId(String routeId) {
        this.routeId = routeId;
    }

    @Override
    protected void doStart() {
        ServiceHelper.startService(steps, fallback);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(steps, fallback);
    }
}
