package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** One route's door: makes an exchange of each request, has the steps run off the event loop, writes what they leave. */
final class AsyncHttpConsumer extends DefaultConsumer implements PlatformHttpConsumer, Suspendable {
    /** Header with the methods that a path takes, for the route that answers with 405. */
    private static final String ALLOW = "Allow";

    /** Headers that only we set: what the path says. A caller's header of the same name must not stand in for it. */
    private static final Set<String> OURS = Set.of("agent", "allow");

    /** Longer than a reload takes from the stop of a route to the start of the one that replaces it. */
    private static final Duration GONE = Duration.ofSeconds(6);

    /** What a route says in its parameter {@code consumes} whose {@link UploadReader} takes the body. */
    private static final String UPLOAD = "multipart/form-data";

    private static final byte[] NOTHING = new byte[0];

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration RELOAD_POLL = Duration.ofMillis(20);

    private final AsyncHttpEngine engine;
    private final String template;
    private final List<HttpMethod> methods;
    private final boolean anyPath;
    private final boolean uploads;
    private volatile @Nullable Route route;
    private volatile long stoppedNanos;
    private @Nullable Vertx vertx;

    AsyncHttpConsumer(AsyncHttpEngine engine, PlatformHttpEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.engine = engine;
        String path = endpoint.getPath().startsWith("/") ? endpoint.getPath() : "/" + endpoint.getPath();
        this.template = endpoint.isMatchOnUriPrefix() && !path.endsWith("*") ? path + "*" : path;
        this.anyPath = template.equals("/*");
        this.uploads = UPLOAD.equalsIgnoreCase(endpoint.getConsumes());
        this.methods = methods(endpoint.getHttpMethodRestrict());
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    /** A GET route answers HEAD too; none named means all. */
    private static List<HttpMethod> methods(@Nullable String restrict) {
        List<HttpMethod> result = new ArrayList<>();
        if (restrict != null) {
            for (String name : restrict.split(",", -1)) {
                result.add(HttpMethod.valueOf(name.trim().toUpperCase(Locale.ROOT)));
            }
        }
        if (result.contains(HttpMethod.GET)) {
            result.add(HttpMethod.HEAD);
        }
        return List.copyOf(result);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(engine.getServerPort());
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(getEndpoint().getCamelContext(), name);
        if (router == null) {
            router = VertxPlatformHttpRouter.lookup(
                    getEndpoint().getCamelContext(), VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME_ZERO);
        }
        if (router == null) {
            throw new IllegalStateException("no HTTP server is running; set camel.server.enabled = true");
        }
        vertx = router.vertx();
        route = engine.open(router, template, methods).handler(this::handle);
        engine.started(this);
    }

    @Override
    protected void doStop() throws Exception {
        Route opened = route;
        Vertx timers = vertx;
        if (opened != null && timers != null) {
            stoppedNanos = System.nanoTime();
            route = null;
            engine.stopped(this);
            // requests that come before the new route stands are held, and go on to it
            engine.close(template, methods);
            timers.setTimer(GONE.toMillis(), late -> opened.remove());
        }
        super.doStop();
    }

    private void handle(RoutingContext routing) {
        HttpCall call = HttpCall.of(routing);
        if (call == null) {
            throw new IllegalStateException("the gateway's server must stand before its routes");
        }
        if (AsyncHttpEngine.allowedMethods(routing) != null && !anyPath) {
            routing.next();
            return;
        }
        if (runs()) {
            accept(routing, call);
        } else {
            awaitReload(routing, call, System.nanoTime());
        }
    }

    private void accept(RoutingContext routing, HttpCall call) {
        call.matched(template, routing.pathParams());
        engine.observer().matched(call);
        if (uploads) {
            call.request().pause();
            call.leaveBody();
            start(routing, call, NOTHING);
            return;
        }
        BodyReader.read(routing.vertx(), call, engine.settings(), body -> start(routing, call, body));
    }

    /** Whether requests of this kind are taken here and now. */
    boolean takes(String path, HttpMethod method) {
        return template.equals(path) && (methods.isEmpty() || methods.contains(method)) && runs();
    }

    private boolean runs() {
        return isRunAllowed() && !isSuspendingOrSuspended();
    }

    /** A route that is being replaced is back in a moment: its callers wait for the new one instead of failing. */
    private void awaitReload(RoutingContext routing, HttpCall call, long sinceNanos) {
        AsyncHttpConsumer next = engine.running(template, call.request().method());
        if (next != null) {
            next.accept(routing, call);
            return;
        }
        boolean gone = route == null && System.nanoTime() - stoppedNanos > GONE.toNanos();
        if (gone) {
            call.request().resume();
            routing.next();
            return;
        }
        if (System.nanoTime() - sinceNanos > engine.settings().reloadWait().toNanos()) {
            ResponseWriter.writeError(
                    call,
                    ApiException.of(ErrorCode.UNAVAILABLE, "This route is being replaced")
                            .withRetryAfter(Duration.ofSeconds(1)));
            return;
        }
        call.request().pause();
        routing.vertx().setTimer(RELOAD_POLL.toMillis(), again -> {
            if (!call.closed()) {
                awaitReload(routing, call, sinceNanos);
            }
        });
    }

    private void start(RoutingContext routing, HttpCall call, byte[] body) {
        if (!runs() && !call.closed()) {
            // the route was closed while the body came
            AsyncHttpConsumer next = engine.running(template, call.request().method());
            boolean late = System.nanoTime() - call.startedNanos()
                    > engine.settings().reloadWait().toNanos();
            if (next != null) {
                next.start(routing, call, body);
                return;
            }
            if (!late) {
                routing.vertx().setTimer(RELOAD_POLL.toMillis(), again -> start(routing, call, body));
                return;
            }
        }
        Exchange exchange = createExchange(false);
        exchange.setPattern(ExchangePattern.InOut);
        call.attach(exchange);
        fill(exchange.getMessage(), routing, call.request());
        exchange.getMessage().setBody(body);
        try {
            engine.steps().execute(() -> process(call, exchange));
        } catch (RejectedExecutionException full) {
            ResponseWriter.writeError(
                    call,
                    ApiException.of(ErrorCode.UNAVAILABLE, "The server is answering as many requests as it can")
                            .withRetryAfter(Duration.ofSeconds(1)));
            releaseExchange(exchange, false);
        }
    }

    private void process(HttpCall call, Exchange exchange) {
        try {
            createUoW(exchange);
            getAsyncProcessor()
                    .process(exchange, doneSync -> call.context().runOnContext(now -> finish(call, exchange)));
        } catch (Exception failure) {
            exchange.setException(failure);
            call.context().runOnContext(now -> finish(call, exchange));
        }
    }

    private void finish(HttpCall call, Exchange exchange) {
        if (call.isBodyUnread()) {
            refuseRest(call);
        }
        engine.writer().write(call, exchange).onComplete(written -> {
            call.ended(exchange);
            doneUoW(exchange);
            releaseExchange(exchange, false);
            if (call.readFailure() != null) {
                // the rest of the body is not waited for; a moment lets the answer arrive before the end
                call.vertx()
                        .setTimer(
                                LINGER.toMillis(),
                                late -> call.request().connection().close());
            }
        });
    }

    /** The caller may still be sending: what comes until the close is thrown away, so that the answer can arrive. */
    private static void refuseRest(HttpCall call) {
        if (!call.response().headWritten() && !call.response().closed()) {
            call.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        call.request().resume();
    }

    /**
     * Camel's usual headers, the request's own, then path parameters. Query parameters and form fields never become
     * headers: what decides about identity or money must come as a real header.
     */
    private void fill(Message message, RoutingContext routing, HttpServerRequest request) {
        Map<String, Object> headers = message.getHeaders();
        headers.put(Exchange.HTTP_METHOD, request.method().name());
        headers.put(Exchange.HTTP_PATH, request.path());
        headers.put(Exchange.HTTP_URI, request.uri());
        if (request.query() != null) {
            headers.put(Exchange.HTTP_RAW_QUERY, request.query());
            headers.put(Exchange.HTTP_QUERY, request.query());
        }
        HeaderFilterStrategy filter = getEndpoint().getHeaderFilterStrategy();
        Exchange exchange = message.getExchange();
        for (Map.Entry<String, String> header : request.headers()) {
            if (!OURS.contains(header.getKey().toLowerCase(Locale.ROOT))
                    && !filter.applyFilterToExternalHeaders(header.getKey(), header.getValue(), exchange)) {
                headers.putIfAbsent(header.getKey(), header.getValue());
            }
        }
        headers.putAll(routing.pathParams());
        String allowed = AsyncHttpEngine.allowedMethods(routing);
        if (allowed != null) {
            headers.put(ALLOW, allowed);
        }
    }
}
