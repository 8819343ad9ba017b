package ai.robutler.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model provider made of nothing: OpenAI chat completions over real HTTP on a free port of 127.0.0.1, whole or
 * streamed, well-behaved or not. The same behaviour and request give the same bytes.
 *
 * <p>A request is answered by the first behaviour of the queue ({@link #next}), else by the one of the model it names
 * ({@link #behave(String, Behaviour)}), else by the one for all ({@link #behave(Behaviour)}).
 *
 * <p>The counters know chat completions only. {@code GET /v1/models} is always answered with one model.
 */
public final class FakeModelServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long STOP_SECONDS = 10;
    private static final String MODELS =
            "{\"object\":\"list\",\"data\":[{\"id\":\"upstream-model\",\"object\":\"model\",\"created\":1700000000,"
                    + "\"owned_by\":\"fake\"}]}";

    private final Vertx vertx;
    private final HttpServer server;
    private final RequestLog log = new RequestLog();
    private final Queue<Behaviour> queue = new ConcurrentLinkedQueue<>();
    private final Map<String, Function<ReceivedRequest, Behaviour>> byModel = new ConcurrentHashMap<>();
    private volatile Behaviour forAll = Behaviour.DEFAULT;

    /** Starts it on a free port; it listens when this returns. */
    public FakeModelServer() {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(64 * 1024);
        server = vertx.createHttpServer(options).requestHandler(this::read);
        await(server.listen());
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return server.actualPort();
    }

    /** What an OpenAI client takes as base URL: {@code http://127.0.0.1:<port>/v1}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** Sets how all requests are answered that nothing else is said about. */
    public void behave(Behaviour behaviour) {
        forAll = behaviour;
    }

    /** Sets how requests for one model are answered. */
    public void behave(String model, Behaviour behaviour) {
        behave(model, request -> behaviour);
    }

    /** Sets how requests for one model are answered, each after what it holds. */
    public void behave(String model, Function<ReceivedRequest, Behaviour> choice) {
        byModel.put(model, choice);
    }

    /** Queues how the next requests are answered, one each. */
    public void next(Behaviour... behaviours) {
        queue.addAll(List.of(behaviours));
    }

    /** Forgets behaviours and ended requests; what is still open goes on and stays counted. */
    public void reset() {
        queue.clear();
        byModel.clear();
        forAll = Behaviour.DEFAULT;
        log.reset();
    }

    /** Chat completions asked for since the start. */
    public int requests() {
        return log.counts().requests();
    }

    /** Chat completions asked of one model. */
    public int requests(String model) {
        return log.requests(model);
    }

    /** Answers that went out as they were meant to, cut ones included. */
    public int finished() {
        return log.counts().finished();
    }

    /** Answers whose client closed or reset the connection before we were done. */
    public int aborted() {
        return log.counts().aborted();
    }

    /** Answers under way now, streamed or not. */
    public int open() {
        return log.counts().open();
    }

    /** Streams under way now. */
    public int openStreams() {
        return log.counts().openStreams();
    }

    /** The last 1,000 chat completion requests, oldest first. */
    public List<ReceivedRequest> received() {
        return log.kept();
    }

    /** The newest chat completion request; fails when there was none. */
    public ReceivedRequest lastRequest() {
        List<ReceivedRequest> kept = log.kept();
        if (kept.isEmpty()) {
            throw new AssertionError("The model was not asked");
        }
        return kept.get(kept.size() - 1);
    }

    /** Waits until so many requests came in; fails with an {@link AssertionError} when they do not. */
    public void awaitRequests(int count, Duration timeout) {
        log.await(count + " requests", () -> log.counts().requests() >= count, timeout);
    }

    /** Waits until so many clients hung up on us; fails with an {@link AssertionError} when they do not. */
    public void awaitAborted(int count, Duration timeout) {
        log.await(count + " aborted", () -> log.counts().aborted() >= count, timeout);
    }

    /** Waits until exactly so many streams are open; fails with an {@link AssertionError} when it does not happen. */
    public void awaitOpenStreams(int count, Duration timeout) {
        log.await(count + " open streams", () -> log.counts().openStreams() == count, timeout);
    }

    /** Waits until no answer is under way; fails with an {@link AssertionError} when one stays. */
    public void awaitIdle(Duration timeout) {
        log.await("idle", () -> log.counts().open() == 0, timeout);
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private void read(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> route(request, received(request, body.toString())))
                .onFailure(gone -> {});
    }

    private void route(HttpServerRequest request, ReceivedRequest received) {
        String route = request.method() + " " + request.path();
        if (route.equals("POST /v1/chat/completions")) {
            answer(request, received);
        } else if (route.equals("GET /v1/models")) {
            request.response().putHeader("Content-Type", "application/json").end(MODELS);
        } else {
            request.response().setStatusCode(404).end("{\"error\":{\"message\":\"No such path\"}}");
        }
    }

    private void answer(HttpServerRequest request, ReceivedRequest received) {
        log.began(received);
        AnswerScript script = new AnswerScript(behaviourFor(received), received);
        AnswerPlayer player = new AnswerPlayer(vertx, request, script, byUs -> log.ended(received, byUs));
        // Not in the read itself, where Vert.x would gather all writes into one.
        vertx.runOnContext(later -> player.play());
    }

    private Behaviour behaviourFor(ReceivedRequest received) {
        Behaviour queued = queue.poll();
        return queued == null
                ? byModel.getOrDefault(received.model(), any -> forAll).apply(received)
                : queued;
    }

    private static ReceivedRequest received(HttpServerRequest request, String text) {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers()
                .forEach((name, value) -> headers.computeIfAbsent(
                                name.toLowerCase(Locale.ROOT), absent -> new ArrayList<>())
                        .add(value));
        return new ReceivedRequest(
                request.method().name(), request.uri(), Map.copyOf(headers), json(text), text, System.nanoTime());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static void await(io.vertx.core.Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a stream tells its usage. */
    public enum UsagePlace {
        /** As OpenAI: a chunk of its own when the request asks for it, else nowhere. A whole answer always has it. */
        WHEN_ASKED,
        /** A chunk of its own, asked for or not. */
        EXTRA_CHUNK,
        /** On the chunk with the finish reason. */
        FINISH_CHUNK,
        /** On every chunk. */
        EVERY_CHUNK,
        /** Nowhere, in whole answers neither. */
        NEVER
    }

    /** How an answer goes wrong on its way. */
    public enum Break {
        /** It does not. */
        NONE,
        /** The connection is reset (RST). */
        RESET,
        /** Half an event more, then the connection is reset. */
        RESET_MID_EVENT,
        /** The connection is closed (FIN), the body being short of its end. */
        CLOSE,
        /** The body ends as HTTP wants it, without {@code [DONE]} and all that was to come. */
        END,
        /** Nothing more comes, the connection stays open. */
        HANG,
        /** An event with an error object, then the body ends. */
        ERROR,
        /** An event that is not JSON, then all goes on. */
        GARBAGE
    }

    /** A call of a tool; arguments are the JSON text that the model wrote. */
    public record ToolCall(String id, String name, String arguments) {}

    /**
     * How a request is answered. Events of a stream are counted from its first, the role: a break after 0 events is
     * after the headers, after 1 event is after the role. In a whole answer a break comes in the middle of the body.
     *
     * @param delayBeforeHeaders from the whole request to the status line
     * @param delayBeforeFirstChunk from the status line to the first byte of the body
     * @param gap between writes; in a whole answer between as many pieces as there are chunks
     * @param chunks the texts of the content; joined they are the content of a whole answer
     * @param toolCalls what the model calls; with a call and no chunks the content is null
     * @param toolFragment how many characters of the arguments go in one delta; 0 for the whole call in one delta
     * @param finishReason null to leave out the finish chunk, and null it in a whole answer
     * @param usage the usage object, as JSON
     * @param usagePlace where a stream has it
     * @param id the id of all chunks; with {@code %d} in it each chunk has an own one
     * @param model what the answer says its model is
     * @param chunkExtra JSON object whose fields go in each chunk, and in a whole answer's top
     * @param messageExtra JSON object whose fields go in each delta of content, and in a whole answer's message
     * @param roleInEveryChunk no role event of its own but the role in every delta, as Ollama does
     * @param contentInFinish the last text rides on the chunk with the finish reason
     * @param done whether {@code [DONE]} ends the stream
     * @param breaks how the answer goes wrong
     * @param breakAfter after how many events; -1 for before the headers
     * @param errorEvent the JSON of an {@link Break#ERROR}
     * @param namedError whether it has an {@code event: error} line
     * @param splitWrites each event comes in pieces: inside its field name, a UTF-8 code point and its line ends
     * @param eventsPerWrite how many events come in one write
     * @param lineEnd what ends a line of the stream
     * @param comment what goes before each event as a comment line; null for none
     * @param status the HTTP status; another than 200 is never a stream
     * @param headers more response headers
     * @param body the whole body as it is; null for the answer
     * @param contentType null for what goes with the answer
     * @param plainForStream a whole JSON answer although a stream was asked for
     */
    public record Behaviour(
            Duration delayBeforeHeaders,
            Duration delayBeforeFirstChunk,
            Duration gap,
            List<String> chunks,
            List<ToolCall> toolCalls,
            int toolFragment,
            @Nullable String finishReason,
            String usage,
            UsagePlace usagePlace,
            String id,
            String model,
            String chunkExtra,
            String messageExtra,
            boolean roleInEveryChunk,
            boolean contentInFinish,
            boolean done,
            Break breaks,
            int breakAfter,
            String errorEvent,
            boolean namedError,
            boolean splitWrites,
            int eventsPerWrite,
            String lineEnd,
            @Nullable String comment,
            int status,
            Map<String, String> headers,
            @Nullable String body,
            @Nullable String contentType,
            boolean plainForStream) {

        /** Says "Hello! How can I help you today?" in nine chunks, at once, for 12 prompt and 9 completion tokens. */
        public static final Behaviour DEFAULT = new Behaviour(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                List.of("Hello", "!", " How", " can", " I", " help", " you", " today", "?"),
                List.of(),
                5,
                "stop",
                usageJson(12, 9),
                UsagePlace.WHEN_ASKED,
                "chatcmpl-upstream",
                "upstream-model",
                "{}",
                "{}",
                false,
                false,
                true,
                Break.NONE,
                0,
                "{\"error\":{\"message\":\"The model broke\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
                false,
                false,
                1,
                "\n",
                null,
                200,
                Map.of(),
                null,
                null,
                false);

        /** Copies the lists. */
        public Behaviour {
            chunks = List.copyOf(chunks);
            toolCalls = List.copyOf(toolCalls);
            headers = Map.copyOf(headers);
        }

        /** Waits so long before the status line. */
        public Behaviour withDelayBeforeHeaders(Duration delay) {
            return with("delayBeforeHeaders", delay);
        }

        /** Waits so long between the status line and the body. */
        public Behaviour withDelayBeforeFirstChunk(Duration delay) {
            return with("delayBeforeFirstChunk", delay);
        }

        /** Waits so long between writes. */
        public Behaviour withGap(Duration gap) {
            return with("gap", gap);
        }

        /** Says these texts, one a chunk. */
        public Behaviour withChunks(String... chunks) {
            return with("chunks", List.of(chunks));
        }

        /** Says one text so many times. */
        public Behaviour withChunks(int count, String chunk) {
            return with("chunks", Collections.nCopies(count, chunk));
        }

        /** Says so many bytes of {@code x}, in chunks of 8,192 and a rest. */
        public Behaviour withContentOf(int bytes) {
            List<String> chunks = new ArrayList<>(Collections.nCopies(bytes / 8_192, "x".repeat(8_192)));
            if (bytes % 8_192 > 0) {
                chunks.add("x".repeat(bytes % 8_192));
            }
            return with("chunks", chunks);
        }

        /** Calls tools and says nothing, finish reason {@code tool_calls}; chunks may be added after. */
        public Behaviour withToolCalls(ToolCall... calls) {
            return with("toolCalls", List.of(calls)).with("chunks", List.of()).with("finishReason", "tool_calls");
        }

        /** Gives tool arguments in pieces of so many characters; 0 gives the whole call in one delta. */
        public Behaviour withToolFragment(int characters) {
            return with("toolFragment", characters);
        }

        /** Ends for this reason. */
        public Behaviour withFinishReason(String reason) {
            return with("finishReason", reason);
        }

        /** Never says why it ended. */
        public Behaviour withoutFinishReason() {
            return with("finishReason", null);
        }

        /** Took so many tokens. */
        public Behaviour withUsage(long promptTokens, long completionTokens) {
            return with("usage", usageJson(promptTokens, completionTokens));
        }

        /** Has this usage object. */
        public Behaviour withUsageJson(String usage) {
            return with("usage", usage);
        }

        /** Tells its usage there. */
        public Behaviour withUsagePlace(UsagePlace place) {
            return with("usagePlace", place);
        }

        /** Never tells its usage. */
        public Behaviour withoutUsage() {
            return withUsagePlace(UsagePlace.NEVER);
        }

        /** Has this id; {@code %d} in it becomes the number of the chunk. */
        public Behaviour withId(String id) {
            return with("id", id);
        }

        /** Calls itself so. */
        public Behaviour withModel(String model) {
            return with("model", model);
        }

        /** Adds the fields of this JSON object to each chunk, and to the top of a whole answer. */
        public Behaviour withChunkExtra(String json) {
            return with("chunkExtra", json);
        }

        /** Adds the fields of this JSON object to each delta of content, and to a whole answer's message. */
        public Behaviour withMessageExtra(String json) {
            return with("messageExtra", json);
        }

        /** Has the role in every delta and no event for it alone, as Ollama. */
        public Behaviour withRoleInEveryChunk() {
            return with("roleInEveryChunk", true);
        }

        /** Puts the last text on the chunk with the finish reason. */
        public Behaviour withContentInFinish() {
            return with("contentInFinish", true);
        }

        /** Ends the stream without {@code [DONE]}. */
        public Behaviour withoutDone() {
            return with("done", false);
        }

        /** Breaks in this way after so many events; -1 for before the headers. */
        public Behaviour withBreak(Break how, int afterEvents) {
            return with("breaks", how).with("breakAfter", afterEvents);
        }

        /** Resets the connection after so many events. */
        public Behaviour withCutAfter(int events) {
            return withBreak(Break.RESET, events);
        }

        /** Resets the connection in the middle of the event after so many. */
        public Behaviour withCutMidEvent(int events) {
            return withBreak(Break.RESET_MID_EVENT, events);
        }

        /** Resets the connection before the status line. */
        public Behaviour withCutBeforeHeaders() {
            return withBreak(Break.RESET, -1);
        }

        /** Never answers. */
        public Behaviour withHang() {
            return withBreak(Break.HANG, -1);
        }

        /** Says nothing more after so many events. */
        public Behaviour withHangAfter(int events) {
            return withBreak(Break.HANG, events);
        }

        /** Sends the error object as event after so many events, 0 for the first, and ends. */
        public Behaviour withErrorAfter(int events) {
            return withBreak(Break.ERROR, events);
        }

        /** Sends this as the data of the error event. */
        public Behaviour withErrorEvent(String data) {
            return with("errorEvent", data);
        }

        /** Puts {@code event: error} on the error event. */
        public Behaviour withNamedError() {
            return with("namedError", true);
        }

        /** Sends an event that is not JSON after so many events and goes on; a whole answer is not JSON at all. */
        public Behaviour withGarbageAfter(int events) {
            return withBreak(Break.GARBAGE, events);
        }

        /** Sends each event in pieces, cut inside a UTF-8 code point among others. */
        public Behaviour withSplitWrites() {
            return with("splitWrites", true);
        }

        /** Sends so many events in one write. */
        public Behaviour withEventsPerWrite(int events) {
            return with("eventsPerWrite", events);
        }

        /** Ends lines with CR LF. */
        public Behaviour withCrLf() {
            return with("lineEnd", "\r\n");
        }

        /** Puts a comment line before each event. */
        public Behaviour withComment(String comment) {
            return with("comment", comment);
        }

        /** Answers with this status and, if none is set, a body with an OpenAI error. */
        public Behaviour withStatus(int status) {
            return with("status", status);
        }

        /** Adds a response header. */
        public Behaviour withHeader(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return with("headers", more);
        }

        /** Answers with this body as it is, never a stream. */
        public Behaviour withBody(String body) {
            return with("body", body);
        }

        /** Says the body is of this type. */
        public Behaviour withContentType(String type) {
            return with("contentType", type);
        }

        /** Redirects (307). */
        public Behaviour withRedirect(String location) {
            return withStatus(307).withHeader("Location", location).withBody("");
        }

        /** Answers with whole JSON where a stream was asked for. */
        public Behaviour withPlainForStream() {
            return with("plainForStream", true);
        }

        /** The joined chunks. */
        public String content() {
            return String.join("", chunks);
        }

        private static String usageJson(long promptTokens, long completionTokens) {
            return "{\"prompt_tokens\":" + promptTokens + ",\"completion_tokens\":" + completionTokens
                    + ",\"total_tokens\":" + (promptTokens + completionTokens) + "}";
        }

        /** A copy with one component changed. */
        private Behaviour with(String component, @Nullable Object value) {
            RecordComponent[] components = Behaviour.class.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            @Nullable Object[] values = new @Nullable Object[components.length];
            try {
                for (int i = 0; i < components.length; i++) {
                    types[i] = components[i].getType();
                    values[i] = components[i].getName().equals(component)
                            ? value
                            : components[i].getAccessor().invoke(this);
                }
                Constructor<Behaviour> constructor = Behaviour.class.getDeclaredConstructor(types);
                return constructor.newInstance(values);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Behaviour." + component, e);
            }
        }
    }
}
