package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's HTTP server: stands before all routes, gives each request its id, refuses what is malformed, and watches
 * over slow connections.
 */
public final class GatewayHttpServer extends VertxPlatformHttpServer {
    private final VertxPlatformHttpServerConfiguration configuration;
    private final Vertx vertx;
    private final HttpSettings settings;
    private final HttpObserver observer;
    private final PathAliases aliases;
    private final Supplier<String> requestIds = RequestId.random();
    private volatile boolean draining;
    private @Nullable HttpServer server;
    private @Nullable Router router;

    /**
     * A server that is not listening yet.
     *
     * @param agentName whether a segment of a path can be an agent's name
     */
    public GatewayHttpServer(
            VertxPlatformHttpServerConfiguration configuration,
            Vertx vertx,
            HttpSettings settings,
            HttpObserver observer,
            Predicate<String> agentName) {
        super(configuration);
        this.configuration = configuration;
        this.vertx = vertx;
        this.settings = settings;
        this.observer = observer;
        this.aliases = new PathAliases(agentName);
    }

    @Override
    public @Nullable HttpServer getServer() {
        return server;
    }

    @Override
    public Vertx getVertx() {
        return vertx;
    }

    @Override
    public int getPort() {
        return server == null ? configuration.getBindPort() : server.actualPort();
    }

    /** From now on every new request is refused with 503; those begun are answered to their end. */
    public void drain() {
        draining = true;
    }

    /** Whether the server only finishes what it began. */
    public boolean isDraining() {
        return draining;
    }

    @Override
    protected void initializeServer() {
        Router routes = Router.router(vertx);
        routes.route().order(-3).handler(this::admit);
        if (!settings.corsOrigins().isEmpty()) {
            routes.route().order(-2).handler(cors());
        }
        routes.route().order(-1).handler(this::useServedPath);
        routes.route().failureHandler(this::failed);
        // what cannot be routed at all, such as a path with half an escape
        routes.errorHandler(400, this::malformed);
        router = routes;
        CamelContext context = getCamelContext();
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(configuration.getPort());
        context.getRegistry()
                .bind(
                        name,
                        new VertxPlatformHttpRouter(
                                this, vertx, routes, name, VertxPlatformHttpRouter.SERVER_TYPE_SERVER));
    }

    @Override
    protected void startServer() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(settings.maxHeaderBytes())
                .setMaxInitialLineLength(settings.maxHeaderBytes())
                .setHttp2ClearTextEnabled(false)
                .setTcpFastOpen(false)
                .setHandle100ContinueAutomatically(false);
        try {
            server = vertx.createHttpServer(options)
                    .connectionHandler(connection -> guard(connection, options))
                    .invalidRequestHandler(this::refuseInvalid)
                    .requestHandler(router)
                    .listen(configuration.getBindPort(), configuration.getBindHost())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException failure) {
            throw new IllegalStateException(
                    "cannot listen on " + configuration.getBindHost() + ":" + configuration.getBindPort() + ": "
                            + failure.getCause() + "; set PORT or HOST to a free address",
                    failure);
        }
    }

    @Override
    protected void stopServer() {
        HttpServer running = server;
        if (running != null) {
            running.close().toCompletionStage().toCompletableFuture().join();
            server = null;
        }
    }

    @Override
    protected void stopVertx() {
        // the shared instance is closed by who made it
    }

    private void guard(HttpConnection connection, HttpServerOptions options) {
        if (!(connection instanceof ConnectionBase base)) {
            return;
        }
        ChannelPipeline pipeline = base.channel().pipeline();
        ConnectionGuard guard = new ConnectionGuard(settings);
        pipeline.replace("httpDecoder", "httpDecoder", new StrictRequestDecoder(options));
        pipeline.addBefore("httpDecoder", "guardedBytes", new ConnectionGuard.Bytes(guard));
        pipeline.addBefore("handler", "guard", guard);
    }

    private HttpCall newCall(HttpServerRequest request) {
        HttpCall call = new HttpCall(
                request, vertx.getOrCreateContext(), RequestId.choose(request.getHeader("X-Request-ID"), requestIds));
        request.response().putHeader("X-Request-ID", call.requestId());
        return call;
    }

    /** First of all handlers; a request that is routed again comes here again, with its call. */
    private void admit(RoutingContext routing) {
        HttpCall before = HttpCall.of(routing);
        if (before != null) {
            // routing again has cleared the answer's headers
            before.response().putHeader("X-Request-ID", before.requestId());
            routing.next();
            return;
        }
        HttpServerRequest request = routing.request();
        if (ConnectionGuard.hasLastAnswer(request.connection())) {
            return;
        }
        HttpCall call = newCall(request);
        call.attach(routing);
        observer.started(call);
        // sets the answer's own closeHandler as well: there is only one
        routing.addEndHandler(ended -> {
            if (ended.failed()) {
                call.hungUp();
            }
            observer.ended(call, call.closed() ? 499 : request.response().getStatusCode());
        });
        if (draining) {
            request.response().putHeader("Connection", "close");
            ResponseWriter.writeError(
                    call,
                    ApiException.of(ErrorCode.UNAVAILABLE, "The server is shutting down")
                            .withRetryAfter(Duration.ofSeconds(1)));
            return;
        }
        routing.next();
    }

    private void useServedPath(RoutingContext routing) {
        String path = routing.request().path();
        String served = path == null ? "/" : aliases.canonical(path);
        if (served.equals(path)) {
            routing.next();
            return;
        }
        String query = routing.request().query();
        routing.reroute(routing.request().method(), query == null ? served : served + "?" + query);
    }

    private void malformed(RoutingContext routing) {
        HttpCall call = HttpCall.of(routing);
        if (call == null) {
            refuseInvalid(routing.request());
            return;
        }
        ResponseWriter.writeError(call, ApiException.of(ErrorCode.INVALID_REQUEST, "The request is malformed"));
    }

    /** Something broke outside any route. */
    private void failed(RoutingContext routing) {
        HttpCall call = HttpCall.of(routing);
        Throwable failure = routing.failure();
        if (call == null || (routing.statusCode() >= 400 && routing.statusCode() < 500)) {
            malformed(routing);
            return;
        }
        ResponseWriter.writeError(call, failure == null ? new IllegalStateException("no cause given") : failure);
    }

    private void refuseInvalid(HttpServerRequest request) {
        if (ConnectionGuard.hasLastAnswer(request.connection())) {
            return;
        }
        HttpCall call = newCall(request);
        observer.started(call);
        boolean tooLong = request.decoderResult().cause() instanceof TooLongFrameException;
        ApiException failure = tooLong
                ? ApiException.of(
                        ErrorCode.HEADERS_TOO_LARGE,
                        "The request's first line or headers are larger than " + settings.maxHeaderBytes() + " bytes")
                : ApiException.of(ErrorCode.INVALID_REQUEST, "The request is not well-formed HTTP");
        request.response().putHeader("Connection", "close");
        ResponseWriter.writeError(call, failure)
                .onComplete(written -> observer.ended(call, failure.code().status()));
    }

    private CorsHandler cors() {
        CorsHandler handler = CorsHandler.create()
                .allowedMethods(Set.of(
                        HttpMethod.GET,
                        HttpMethod.POST,
                        HttpMethod.PUT,
                        HttpMethod.PATCH,
                        HttpMethod.DELETE,
                        HttpMethod.HEAD))
                .exposedHeaders(Set.of(
                        "X-Request-ID",
                        "X-RateLimit-Limit-Minute",
                        "X-RateLimit-Remaining-Minute",
                        "X-RateLimit-Limit-Hour",
                        "X-RateLimit-Remaining-Hour",
                        "X-RateLimit-Limit-Day",
                        "X-RateLimit-Remaining-Day",
                        "Retry-After",
                        "X-Credits-Charged",
                        "X-Credits-Remaining",
                        "X-Gateway-Overhead-Ms",
                        "PAYMENT-REQUIRED",
                        "PAYMENT-RESPONSE",
                        "X-PAYMENT-RESPONSE"))
                .maxAgeSeconds(86_400);
        if (settings.corsOrigins().contains("*")) {
            handler.addOrigin("*");
        } else {
            settings.corsOrigins().forEach(handler::addOrigin);
        }
        return handler;
    }
}
