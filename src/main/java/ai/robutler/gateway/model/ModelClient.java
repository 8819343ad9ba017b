package ai.robutler.gateway.model;

import ai.robutler.http.HttpCall;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The connections to all providers. One for the process. */
public final class ModelClient implements AutoCloseable {
    private final Vertx vertx;
    private final Limits limits;
    private final Map<Duration, HttpClient> clients = new ConcurrentHashMap<>();

    /**
     * What calls may take.
     *
     * @param maxConnections connections to one provider
     * @param maxWaiting calls that may wait for one of them; more are refused
     * @param maxAnswerBytes largest whole answer, and longest event of a stream
     */
    public record Limits(int maxConnections, int maxWaiting, int maxAnswerBytes) {}

    /** A client without connections. */
    public ModelClient(Vertx vertx, Limits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /**
     * Asks a provider, and tells the listener once, on the call's event loop: of a whole answer, of a stream's first event,
     * or of a failure. The caller's hang-up cancels it.
     *
     * @param body the request as UTF-8 JSON
     * @param stream whether events are wanted
     */
    void open(HttpCall call, ModelTarget target, byte[] body, boolean stream, ModelOpening.Listener listener) {
        ModelOpening opening = new ModelOpening(vertx, call, target, stream, limits.maxAnswerBytes(), listener);
        call.context().runOnContext(now -> opening.start(this, body));
    }

    /** The request's head, ready for its body. */
    io.vertx.core.Future<HttpClientRequest> request(ModelTarget target, boolean stream) {
        Provider provider = target.provider();
        URI base = provider.baseUrl();
        boolean tls = "https".equals(base.getScheme());
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(base.getHost())
                .setPort(base.getPort() > 0 ? base.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(base.getRawPath() + "/chat/completions")
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", stream ? "text/event-stream" : "application/json")
                .putHeader("Accept-Encoding", "identity");
        if (provider.apiKey().isPresent()) {
            options.putHeader("Authorization", "Bearer " + provider.apiKey().value());
        }
        provider.headers().forEach(options::putHeader);
        return client(provider.timeouts().connect()).request(options);
    }

    private HttpClient client(Duration connectTimeout) {
        return clients.computeIfAbsent(
                connectTimeout,
                timeout -> vertx.createHttpClient(
                        new HttpClientOptions()
                                .setConnectTimeout((int) timeout.toMillis())
                                .setKeepAlive(true)
                                .setKeepAliveTimeout(30)
                                .setMaxWaitQueueSize(limits.maxWaiting())
                                .setVerifyHost(true)
                                .setTcpNoDelay(true),
                        new PoolOptions().setHttp1MaxSize(limits.maxConnections())));
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::close);
    }
}
