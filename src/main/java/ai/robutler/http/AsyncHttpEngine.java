package ai.robutler.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.jspecify.annotations.Nullable;

/**
 * The {@code platform-http} engine on Camel's asynchronous routing engine: a request that waits for a model or streams
 * its answer holds no thread. It also closes what the stock engine leaves open: the order of paths, limits of bodies,
 * time-outs, and which headers leave with an answer.
 */
public final class AsyncHttpEngine extends VertxPlatformHttpEngine {
    private static final int SLOTS = 100_000;
    private static final String ALLOWED_METHODS = "robutlerAllowedMethods";

    private final HttpSettings settings;
    private final StepExecutor steps;
    private final HttpObserver observer;
    private final ResponseWriter writer;
    private final AtomicInteger sequence = new AtomicInteger();
    private final Map<String, PathGuard> guards = new HashMap<>();
    private final List<AsyncHttpConsumer> consumers = new CopyOnWriteArrayList<>();

    /** An engine whose routes run on the given executor. */
    public AsyncHttpEngine(HttpSettings settings, StepExecutor steps, HttpObserver observer) {
        this.settings = settings;
        this.steps = steps;
        this.observer = observer;
        this.writer = new ResponseWriter(
                new ResponseHeaders(settings.responseHeaders()), new FileResponse(steps, settings.stallTimeout()));
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new AsyncHttpConsumer(this, endpoint, processor);
    }

    /** Puts the headers of the exchange's message that may leave on the raw answer, for a step that writes it itself. */
    public void copyHeaders(Exchange exchange) {
        writer.copyHeaders(exchange.getMessage(), HttpCall.of(exchange).response());
    }

    HttpSettings settings() {
        return settings;
    }

    StepExecutor steps() {
        return steps;
    }

    HttpObserver observer() {
        return observer;
    }

    ResponseWriter writer() {
        return writer;
    }

    /** The methods that the path takes, when the request's is none of them; null otherwise. */
    static @Nullable String allowedMethods(RoutingContext routing) {
        return routing.get(ALLOWED_METHODS);
    }

    /** Adds a Vert.x route at the place that its template's specificity gives it. */
    synchronized Route open(Router router, String template, List<HttpMethod> methods) {
        PathGuard guard = guards.computeIfAbsent(template, path -> new PathGuard(router, path));
        guard.add(methods);
        int order = PathOrder.rank(template) * SLOTS + sequence.incrementAndGet() % (SLOTS - 1);
        Route route = router.route(vertxPath(template)).order(order);
        methods.forEach(route::method);
        return route;
    }

    synchronized void close(String template, List<HttpMethod> methods) {
        PathGuard guard = guards.get(template);
        if (guard != null && guard.remove(methods)) {
            guards.remove(template);
        }
    }

    void started(AsyncHttpConsumer consumer) {
        consumers.add(consumer);
    }

    void stopped(AsyncHttpConsumer consumer) {
        consumers.remove(consumer);
    }

    /** The consumer that takes these requests now, such as one whose route has replaced another; null when there is none. */
    @Nullable
    AsyncHttpConsumer running(String template, HttpMethod method) {
        for (AsyncHttpConsumer consumer : consumers) {
            if (consumer.takes(template, method)) {
                return consumer;
            }
        }
        return null;
    }

    private static String vertxPath(String template) {
        return template.replaceAll("\\{([^/}]+)\\}", ":$1");
    }

    /**
     * Behind the routes of one template: a request that comes this far has a method that none of them takes. The most
     * specific template of a path says which it takes.
     */
    private static final class PathGuard {
        private final Route route;
        private final List<HttpMethod> methods = new CopyOnWriteArrayList<>();

        PathGuard(Router router, String template) {
            int order = PathOrder.rank(template) * SLOTS + SLOTS - 1;
            this.route = router.route(vertxPath(template)).order(order).handler(this::refuse);
        }

        void add(List<HttpMethod> more) {
            methods.addAll(more);
        }

        boolean remove(List<HttpMethod> gone) {
            gone.forEach(methods::remove);
            if (methods.isEmpty()) {
                route.remove();
            }
            return methods.isEmpty();
        }

        private void refuse(RoutingContext routing) {
            boolean told = allowedMethods(routing) != null;
            if (!told && !methods.contains(routing.request().method()) && !methods.isEmpty()) {
                routing.put(
                        ALLOWED_METHODS,
                        methods.stream().map(HttpMethod::name).collect(Collectors.toCollection(TreeSet::new)).stream()
                                .collect(Collectors.joining(", ")));
            }
            routing.next();
        }
    }
}
