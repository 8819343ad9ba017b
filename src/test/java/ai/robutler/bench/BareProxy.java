package ai.robutler.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;

/** The least that a gateway on Vert.x can cost: passes each request on and pipes the answer back, reading neither. */
public final class BareProxy {
    private final HttpClient client;
    private final int modelPort;

    private BareProxy(Vertx vertx, int modelPort) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(5_000));
        this.modelPort = modelPort;
    }

    /** Starts it; the arguments are its port and the model's. It ends with its process. */
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        BareProxy proxy = new BareProxy(vertx, Integer.parseInt(args[1]));
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(args[0]))
                .setAcceptBacklog(4_096);
        vertx.createHttpServer(options).requestHandler(proxy::pass).listen();
    }

    private void pass(HttpServerRequest request) {
        request.body()
                .compose(body -> client.request(HttpMethod.POST, modelPort, "127.0.0.1", "/v1/chat/completions")
                        .compose(upstream -> upstream.putHeader("Content-Type", "application/json")
                                .send(body)))
                .onSuccess(answer -> pipe(answer, request.response()))
                .onFailure(failed -> request.response().setStatusCode(502).end());
    }

    private static void pipe(HttpClientResponse answer, HttpServerResponse response) {
        response.setStatusCode(answer.statusCode()).headers().addAll(answer.headers());
        answer.pipeTo(response);
    }
}
