package ai.robutler.gateway.model.demo;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.gateway.model.TokenCounter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo model behind an OpenAI-compatible HTTP address: {@code POST /v1/chat/completions} and {@code GET /v1/models}.
 *
 * <p>It listens on the loopback interface only, on a port that the system picks, and asks for no key. The gateway talks to
 * it as to any provider, so that what a newcomer sees work is the real path.
 */
public final class DemoModelServer {
    private static final Logger LOG = LoggerFactory.getLogger(DemoModelServer.class);
    private static final String HOST = "127.0.0.1";
    private static final long MAX_BODY_BYTES = 12L * 1024 * 1024;
    private static final int MAX_DEPTH = 200;

    private final ObjectMapper json = reader();
    private final Vertx vertx;
    private final Clock clock;
    private final Supplier<String> ids;
    private final DemoModel model;
    private final HttpServer server;

    /** A server on this Vert.x, not yet started. */
    public DemoModelServer(Vertx vertx) {
        this(vertx, Clock.systemUTC(), () -> UUID.randomUUID().toString().replace("-", ""));
    }

    /** The same with a clock, and with ids that are unique; they get their prefixes here. */
    DemoModelServer(Vertx vertx, Clock clock, Supplier<String> ids) {
        this.vertx = vertx;
        this.clock = clock;
        this.ids = ids;
        this.model = new DemoModel(new TokenCounter());
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(HOST).setPort(0))
                .requestHandler(this::handle);
    }

    /** Starts listening; gives the port. To be called once. */
    public Future<Integer> start() {
        return server.listen().map(HttpServer::actualPort);
    }

    /** Stops listening and drops open connections; may be called again, and before the start. */
    public Future<Void> close() {
        return server.close();
    }

    private void handle(HttpServerRequest request) {
        switch (Objects.requireNonNullElse(request.path(), "")) {
            case "/v1/models" -> handleModels(request);
            case "/v1/chat/completions" -> handleChat(request);
            default -> fail(request.response(), ApiException.of(ErrorCode.NOT_FOUND, "No such path"));
        }
    }

    private void handleModels(HttpServerRequest request) {
        if (allows(request, HttpMethod.GET)) {
            new Answer(false, List.of(bytes(DemoAnswerJson.models(nowSeconds())))).sendTo(request.response());
        }
    }

    private void handleChat(HttpServerRequest request) {
        if (allows(request, HttpMethod.POST)) {
            body(request)
                    .compose(body -> vertx.executeBlocking(() -> answer(body), false))
                    .onSuccess(answer -> answer.sendTo(request.response()))
                    .onFailure(failure -> fail(request.response(), failure));
        }
    }

    /** The whole body; what is beyond the limit is read and thrown away, so that the client sees the refusal. */
    private static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(whole::tryFail);
        request.handler(part -> {
            if (body.length() + part.length() > MAX_BODY_BYTES) {
                whole.tryFail(ApiException.of(ErrorCode.REQUEST_TOO_LARGE, "The body is larger than 12 MiB"));
            } else if (!whole.future().isComplete()) {
                body.appendBuffer(part);
            }
        });
        request.endHandler(ended -> whole.tryComplete(body));
        return whole.future();
    }

    /** Reads, checks and answers a request; off the event loop, since a long one takes a while to count. */
    private Answer answer(Buffer body) {
        JsonNode request = read(body);
        DemoRequest.check(request);
        DemoReply reply = model.answer(request);
        DemoAnswerJson written = new DemoAnswerJson("chatcmpl-" + ids.get(), "call_" + ids.get(), nowSeconds());
        if (!DemoRequest.isStream(request)) {
            return new Answer(false, List.of(bytes(written.whole(reply))));
        }
        List<Buffer> events = new ArrayList<>();
        for (ObjectNode chunk : written.chunks(reply, DemoRequest.includesUsage(request))) {
            events.add(Buffer.buffer("data: ").appendBuffer(bytes(chunk)).appendString("\n\n"));
        }
        events.add(Buffer.buffer("data: [DONE]\n\n"));
        return new Answer(true, events);
    }

    private JsonNode read(Buffer body) {
        try {
            return json.readTree(body.getBytes());
        } catch (IOException e) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The body is not JSON");
        }
    }

    private boolean allows(HttpServerRequest request, HttpMethod method) {
        if (request.method().equals(method)) {
            return true;
        }
        fail(
                request.response(),
                ApiException.of(ErrorCode.METHOD_NOT_ALLOWED, "Only " + method + " is answered here")
                        .withHeader("Allow", method.name()));
        return false;
    }

    private void fail(HttpServerResponse response, Throwable failure) {
        if (response.ended() || response.closed()) {
            return;
        }
        ApiException answer = failure instanceof ApiException known ? known : internal(failure);
        answer.headers().forEach(response::putHeader);
        response.setStatusCode(answer.code().status());
        new Answer(false, List.of(bytes(DemoAnswerJson.error(answer)))).sendTo(response);
    }

    private static ApiException internal(Throwable failure) {
        LOG.error("demo model failed", failure);
        return ApiException.of(ErrorCode.INTERNAL, "The demo model failed");
    }

    private static Buffer bytes(ObjectNode node) {
        return Buffer.buffer(node.toString());
    }

    private long nowSeconds() {
        return clock.instant().getEpochSecond();
    }

    private static ObjectMapper reader() {
        StreamReadConstraints limits =
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build();
        return new ObjectMapper(
                        JsonFactory.builder().streamReadConstraints(limits).build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * What is sent.
     *
     * @param stream whether the parts are events, each written on its own, or one JSON object
     * @param parts the body, in order
     */
    private record Answer(boolean stream, List<Buffer> parts) {
        void sendTo(HttpServerResponse response) {
            if (response.ended() || response.closed()) {
                return;
            }
            if (!stream) {
                response.putHeader("Content-Type", "application/json").end(parts.get(0));
                return;
            }
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                    .putHeader("Cache-Control", "no-cache");
            parts.forEach(response::write);
            response.end();
        }
    }
}
