package ai.robutler.http;

import ai.robutler.api.ApiException;
import io.netty.channel.ChannelFuture;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its answer, from the first byte to the last. Steps that need the raw request or write the
 * answer themselves find it by {@link #of(Exchange)}; it outlives whatever a producer does to the message.
 */
public final class HttpCall {
    /** The route of a request that no route has matched. */
    public static final String UNMATCHED = "unmatched";

    private static final String KEY = "robutlerHttpCall";

    private final HttpServerRequest request;
    private final Context context;
    private final String requestId;
    private final long startedNanos;
    private final AtomicLong modelNanos = new AtomicLong();
    private final Queue<Consumer<Exchange>> endings = new ConcurrentLinkedQueue<>();

    private volatile String route = UNMATCHED;
    private volatile Map<String, String> pathParameters = Map.of();
    private volatile String agent = "";
    private volatile boolean stream;
    private volatile boolean closed;
    private volatile @Nullable String errorCode;
    private volatile @Nullable ApiException readFailure;
    private volatile boolean bodyUnread;
    private volatile @Nullable Runnable hangUpListener;

    HttpCall(HttpServerRequest request, Context context, String requestId) {
        this.request = request;
        this.context = context;
        this.requestId = requestId;
        this.startedNanos = System.nanoTime();
    }

    /** The call that this exchange answers. @throws IllegalStateException if the exchange did not come over HTTP */
    public static HttpCall of(Exchange exchange) {
        HttpCall call = exchange.getProperty(KEY, HttpCall.class);
        if (call == null) {
            throw new IllegalStateException("this step needs a route that starts at platform-http");
        }
        return call;
    }

    static @Nullable HttpCall of(RoutingContext routing) {
        return routing.get(KEY);
    }

    void attach(RoutingContext routing) {
        routing.put(KEY, this);
    }

    void attach(Exchange exchange) {
        exchange.setProperty(KEY, this);
    }

    /** The request as it came; its headers are the only source of identity and payment. */
    public HttpServerRequest request() {
        return request;
    }

    /** The path as requested, without its query. */
    public String path() {
        String path = request.path();
        return path == null ? "" : path;
    }

    /** The answer; written on {@link #context()} only. */
    public HttpServerResponse response() {
        return request.response();
    }

    /** The event loop that owns the connection. */
    public Context context() {
        return context;
    }

    /** The Vert.x instance of the server. */
    public Vertx vertx() {
        return context.owner();
    }

    /** Our own time so far, the model's excluded, in milliseconds with two decimals. */
    public String overheadMillis() {
        long micros = Math.max(0, System.nanoTime() - startedNanos - modelNanos.get()) / 1_000;
        long hundredths = micros / 10;
        return hundredths / 100 + (hundredths % 100 < 10 ? ".0" : ".") + hundredths % 100;
    }

    /** The caller's {@code X-Request-ID} when it is well-formed, else one made here. */
    public String requestId() {
        return requestId;
    }

    /** {@link System#nanoTime()} when the request's headers were read. */
    public long startedNanos() {
        return startedNanos;
    }

    /** The template of the matched path, such as {@code /{agent}/chat/completions}; bounded, so it may label a meter. */
    public String route() {
        return route;
    }

    /** What stands for the placeholders of {@link #route()}, decoded, by their names. */
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    void matched(String template, Map<String, String> parameters) {
        this.route = template;
        this.pathParameters = Map.copyOf(parameters);
    }

    /** The resolved agent's name; empty until it is known to exist. */
    public String agent() {
        return agent;
    }

    /** Says which agent answers. Only for agents that exist: the name labels meters. */
    public void resolvedAgent(String name) {
        this.agent = name;
    }

    /** Whether the answer is a stream of events. */
    public boolean stream() {
        return stream;
    }

    /** Says that the answer is a stream of events. */
    public void streaming() {
        this.stream = true;
    }

    /** The code of the error that was answered; null when there was none. */
    public @Nullable String errorCode() {
        return errorCode;
    }

    /** Says with which error the call ended. */
    public void failedWith(String code) {
        this.errorCode = code;
    }

    /** Nanoseconds spent waiting for a model, which are not our own time. */
    public long modelNanos() {
        return modelNanos.get();
    }

    /** Adds to the time spent waiting for a model. */
    public void waitedForModel(long nanos) {
        modelNanos.addAndGet(nanos);
    }

    /** Why the body could not be read (413, 408, 400); null when it could. Told to the caller after the limits were counted. */
    public @Nullable ApiException readFailure() {
        return readFailure;
    }

    void readFailed(ApiException failure) {
        this.readFailure = failure;
    }

    /** Whether the body is left to a step to read, and none has read it to its end. */
    boolean isBodyUnread() {
        return bodyUnread;
    }

    /** Says that a step of the route reads the body, if any does. */
    void leaveBody() {
        bodyUnread = true;
    }

    /** Says that the whole body has come. */
    void bodyRead() {
        bodyUnread = false;
    }

    /**
     * Has the step run, with the route's exchange, when the last byte is out or the caller gone. A completion of the
     * exchange that a kamelet sees would run too early: at the kamelet's end.
     */
    public void atTheEnd(Consumer<Exchange> step) {
        endings.add(step);
    }

    void ended(Exchange exchange) {
        for (Consumer<Exchange> step = endings.poll(); step != null; step = endings.poll()) {
            step.accept(exchange);
        }
    }

    /** Whether the caller's connection is gone. */
    public boolean closed() {
        return closed;
    }

    /** Closes the connection at once. What is still to be written is dropped: a caller that reads nothing never takes it. */
    public void cut() {
        if (request.connection() instanceof ConnectionBase connection) {
            // a close of the channel itself would wait for what is unsent
            ChannelFuture unused = connection.channelHandlerContext().close();
        }
    }

    /**
     * Runs the listener on {@link #context()} when the caller hangs up; at once when it already did. One listener at a
     * time: the next replaces it.
     */
    public void onHangUp(@Nullable Runnable listener) {
        this.hangUpListener = listener;
        if (closed && listener != null) {
            listener.run();
        }
    }

    void hungUp() {
        closed = true;
        Runnable listener = hangUpListener;
        if (listener != null) {
            listener.run();
        }
    }
}
