package ai.robutler.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A model for the bench, in a process of its own: canned bytes, as little work as can be. What it streams is set by
 * {@code GET /control?chunks=<n>&gapMs=<n>&delayMs=<n>}; without a gap each event is still a write of its own.
 */
public final class BenchModel {
    /** In each content chunk once, and nowhere else. */
    static final String MARK = "zqw";

    private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*true");
    private static final String HEAD = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1700000000,\"model\":\"fake\",\"system_fingerprint\":\"fp_bench\",\"choices\":[";
    private static final Buffer WHOLE = bytes(
            "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\","
                    + "\"created\":1700000000,\"model\":\"fake\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hello " + MARK
                    + "! How can I help you today?\",\"refusal\":null},\"logprobs\":null,"
                    + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":9,\"total_tokens\":21}}");
    private static final Buffer ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static final Buffer TEXT = chunk("{\"content\":\" " + MARK + "\"}", "null");
    private static final Buffer FINISH = chunk("{}", "\"stop\"");
    private static final Buffer END = bytes(HEAD
            + "],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":9,\"total_tokens\":21}}\n\ndata: [DONE]\n\n");

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private int chunks = 10;
    private long gapMs;
    private long delayMs;

    private BenchModel() {}

    /** Starts it on the port given as the only argument; ends with its process. */
    public static void main(String[] args) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(args[0]))
                .setAcceptBacklog(4_096);
        BenchModel model = new BenchModel();
        model.vertx.createHttpServer(options).requestHandler(model::handle).listen();
    }

    private void handle(HttpServerRequest request) {
        if ("/control".equals(request.path())) {
            chunks = Integer.parseInt(request.getParam("chunks"));
            gapMs = Long.parseLong(request.getParam("gapMs"));
            delayMs = Long.parseLong(request.getParam("delayMs"));
            request.response().end();
            return;
        }
        request.bodyHandler(body -> {
            if (STREAM.matcher(body.toString(StandardCharsets.ISO_8859_1)).find()) {
                vertx.runOnContext(later -> stream(request.response()));
            } else {
                request.response().putHeader("Content-Type", "application/json").end(WHOLE);
            }
        });
    }

    private void stream(HttpServerResponse response) {
        response.setChunked(true).putHeader("Content-Type", "text/event-stream").exceptionHandler(gone -> {});
        Stream stream = new Stream(response, chunks);
        if (delayMs > 0) {
            vertx.setTimer(delayMs, later -> start(stream));
        } else {
            start(stream);
        }
    }

    private void start(Stream stream) {
        stream.response.write(ROLE);
        if (gapMs == 0) {
            stream.all();
            return;
        }
        stream.one();
        vertx.setPeriodic(gapMs, timer -> {
            if (!stream.one()) {
                vertx.cancelTimer(timer);
            }
        });
    }

    private static Buffer chunk(String delta, String finishReason) {
        return bytes(HEAD + "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finishReason
                + "}]}\n\n");
    }

    private static Buffer bytes(String text) {
        return Buffer.buffer(text);
    }

    /** One stream and how much of it is left. */
    private static final class Stream {
        private final HttpServerResponse response;
        private int left;

        Stream(HttpServerResponse response, int chunks) {
            this.response = response;
            this.left = chunks;
        }

        /** Writes the next event; false when it was the last or the client has gone. */
        boolean one() {
            if (response.closed()) {
                return false;
            }
            if (left-- > 0) {
                response.write(TEXT);
                return true;
            }
            response.write(FINISH);
            response.end(END);
            return false;
        }

        void all() {
            while (!response.writeQueueFull()) {
                if (!one()) {
                    return;
                }
            }
            response.drainHandler(drained -> all());
        }
    }
}
