package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.Break;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.SseReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams through the real gateway, whole and broken. */
final class StreamRouteTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PATH = "/assistant/chat/completions";
    private static final int MANY = 200;

    private static final FakeModelServer MODEL = new FakeModelServer();
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static RunningGateway gateway;
    private static RunningGateway impatient;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                MODEL,
                "gateway.workers",
                "2",
                "gateway.model.retries",
                "0",
                "gateway.model.breaker.window-calls",
                "100000",
                "gateway.model.breaker.minimum-calls",
                "100000");
        impatient = RunningGateway.start(
                MODEL,
                "gateway.keep-alive-interval",
                "50ms",
                "gateway.stall-timeout",
                "300ms",
                "gateway.model.idle-timeout",
                "900ms",
                "gateway.model.retries",
                "0",
                "gateway.model.breaker.window-calls",
                "100000",
                "gateway.model.breaker.minimum-calls",
                "100000");
    }

    @AfterAll
    static void stop() {
        impatient.close();
        gateway.close();
        MODEL.close();
    }

    @AfterEach
    void noCallStaysOpen() {
        MODEL.awaitIdle(LONG);
        MODEL.reset();
    }

    @Test
    void stream_hasTheHeadersThatClientsAndProxiesNeed() {
        HttpResponse<String> answer = gateway.stream("Hello!");
        Map<String, List<String>> headers = answer.headers().map();
        assertThat(headers)
                .containsEntry("content-type", List.of("text/event-stream; charset=utf-8"))
                .containsEntry("cache-control", List.of("no-cache"))
                .containsEntry("connection", List.of("keep-alive"))
                .containsEntry("x-accel-buffering", List.of("no"))
                .containsEntry("transfer-encoding", List.of("chunked"))
                .containsKey("x-request-id")
                .doesNotContainKeys("content-length", "content-encoding");
        CONTRACT.check(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain, */*"})
    void stream_acceptPlainOnly_isPlain(String accept) {
        assertThat(gateway.stream("Hello!", "Accept", accept).headers().firstValue("Content-Type"))
                .hasValue("text/plain; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream, text/plain", "*/*"})
    void stream_anyOtherAccept_isAnEventStream(String accept) {
        assertThat(gateway.stream("Hello!", "Accept", accept).headers().firstValue("Content-Type"))
                .hasValue("text/event-stream; charset=utf-8");
    }

    @Test
    void stream_firstEventsArriveWhileTheModelStillWrites() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withHangAfter(2));
        try (SseReader events = open(gateway)) {
            assertThat(delta(events)).isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
            assertThat(delta(events)).isEqualTo("{\"content\":\"Hello\"}");
            assertThat(MODEL.openStreams()).isEqualTo(1);
        }
        MODEL.awaitAborted(1, LONG);
    }

    @Test
    void stream_cutAnywhereOnTheWay_isTheSame() throws Exception {
        Behaviour wide =
                Behaviour.DEFAULT.withChunks("Grüße", " 😀", " 日本語", " \"\\\n").withComment("x");
        for (Behaviour behaviour :
                List.of(wide, wide.withSplitWrites(), wide.withCrLf().withSplitWrites(), wide.withEventsPerWrite(99))) {
            MODEL.next(behaviour);
            HttpResponse<String> answer = gateway.stream("Hello!");
            assertThat(content(SseReader.parse(answer.body()))).isEqualTo("Grüße 😀 日本語 \"\\\n");
            CONTRACT.check(answer);
        }
    }

    @Test
    void silence_isFilledWithCommentsAndNothingElse() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withHangAfter(2));
        try (SseReader events = open(impatient)) {
            delta(events);
            delta(events);
            SseReader.Event comment = events.next().orElseThrow();
            assertThat(comment.comments()).containsExactly("keep-alive");
            assertThat(comment.data()).isEmpty();
            assertThat(comment.others()).isEmpty();
        }
    }

    static Stream<Arguments> failuresBeforeTheFirstEvent() {
        Behaviour good = Behaviour.DEFAULT;
        return Stream.of(
                Arguments.of("an error object as first event", good.withErrorAfter(0)),
                Arguments.of(
                        "a named error as first event", good.withErrorAfter(0).withNamedError()),
                Arguments.of("an empty stream", good.withBreak(Break.END, 0)),
                Arguments.of("a closed connection", good.withBreak(Break.CLOSE, 0)),
                Arguments.of("a reset", good.withCutAfter(0)),
                Arguments.of("a reset before the status", good.withCutBeforeHeaders()),
                Arguments.of("garbage", good.withGarbageAfter(0)),
                Arguments.of("half an event", good.withCutMidEvent(0)),
                Arguments.of("a redirect", good.withRedirect("http://127.0.0.1:1/")),
                Arguments.of("an error object in a 200", good.withBody("{\"error\":{\"message\":\"sk-canary\"}}")),
                Arguments.of("a page", good.withBody("<html>").withContentType("text/html")),
                Arguments.of("an empty body", good.withBody("")),
                Arguments.of("a 500", good.withStatus(500)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresBeforeTheFirstEvent")
    @DisplayName("R25: a failure before the first event is a real HTTP error")
    void failureBeforeTheFirstEvent_isAStatus(String name, Behaviour behaviour) {
        MODEL.next(behaviour);
        HttpResponse<String> answer = gateway.stream("Hello!");
        assertThat(answer.statusCode()).as(name).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("\"model_unavailable\"").doesNotContain("canary");
        CONTRACT.check(answer);
    }

    @Test
    void jsonToAStreamRequest_isTurnedIntoEvents() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withPlainForStream());
        HttpResponse<String> answer = gateway.stream("Hello!");
        assertThat(content(SseReader.parse(answer.body()))).isEqualTo("Hello! How can I help you today?");
        CONTRACT.check(answer);
    }

    static Stream<Arguments> failuresMidway() {
        Behaviour good = Behaviour.DEFAULT;
        Duration gap = Duration.ofMillis(20);
        return Stream.of(
                Arguments.of("a reset", good.withGap(gap).withCutAfter(3)),
                Arguments.of("a reset in an event", good.withGap(gap).withCutMidEvent(3)),
                Arguments.of("a close", good.withGap(gap).withBreak(Break.CLOSE, 3)),
                Arguments.of("a close right behind its texts", good.withBreak(Break.CLOSE, 3)),
                Arguments.of("an end without a reason", good.withBreak(Break.END, 3)),
                Arguments.of("an error event", good.withErrorAfter(3)),
                Arguments.of("a named error event", good.withErrorAfter(3).withNamedError()),
                Arguments.of("garbage", good.withGarbageAfter(3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresMidway")
    @DisplayName("R25: a later failure is an error event, then [DONE]")
    void failureMidway_isAnErrorEvent(String name, Behaviour behaviour) throws Exception {
        MODEL.next(behaviour);
        HttpResponse<String> answer = gateway.stream("Hello!");
        assertThat(answer.statusCode()).isEqualTo(200);
        CONTRACT.check(answer);
        List<SseReader.Event> events = SseReader.parse(answer.body());
        assertThat(content(events)).as(name).isEqualTo("Hello!");
        assertError(events, "model_unavailable");
    }

    @Test
    void failureRightBehindTheFirstEvent_isSeenAtOnce() throws Exception {
        for (int i = 0; i < 30; i++) {
            MODEL.next(Behaviour.DEFAULT.withCutAfter(1 + i % 3).withEventsPerWrite(1 + i % 2));
            HttpResponse<String> answer = gateway.stream("Hello!");
            CONTRACT.check(answer);
            if (answer.statusCode() == 200) {
                assertError(SseReader.parse(answer.body()), "model_unavailable");
            } else {
                assertThat(answer.statusCode()).isEqualTo(503);
            }
        }
    }

    @Test
    @DisplayName("R23: a model that falls silent midway is given up")
    void silenceMidway_endsInATimeout() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withHangAfter(3));
        HttpResponse<String> answer = impatient.stream("Hello!");
        List<SseReader.Event> events = SseReader.parse(answer.body());
        assertThat(content(events)).isEqualTo("Hello!");
        assertError(events, "request_timeout");
        MODEL.awaitAborted(1, LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"END", "CLOSE", "RESET", "HANG"})
    void noEndMarkButAReason_isAWholeAnswer(Break how) throws Exception {
        MODEL.next(Behaviour.DEFAULT.withoutDone().withGap(Duration.ofMillis(5)).withBreak(how, 99));
        HttpResponse<String> answer = impatient.stream("Hello!");
        CONTRACT.check(answer);
        assertThat(answer.body())
                .contains("\"finish_reason\":\"stop\"")
                .contains("\"total_tokens\":21")
                .doesNotContain("event: error");
    }

    @Test
    @DisplayName("R23: a caller who reads nothing pauses the model, then is cut")
    void slowReader_pausesTheModelAndIsCut() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withContentOf(200_000_000));
        try (RawHttp caller = new RawHttp(impatient.port())) {
            caller.send(raw(RunningGateway.message("Hello!", true)));
            MODEL.awaitAborted(1, LONG);
            assertThat(MODEL.finished()).isZero();
            RawHttp.Answers answers = caller.receive(LONG);
            assertThat(answers.ending()).isNotEqualTo(RawHttp.Ending.OPEN);
            assertThat(answers.rest()).doesNotContain("[DONE]");
        }
        awaitNothingActive(impatient);
    }

    @Test
    @DisplayName("R23: a caller who reads slowly gets everything")
    void slowReader_whoReadsInTime_getsEverything() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withContentOf(20_000_000));
        long read = 0;
        try (InputStream body = send(gateway, true).body()) {
            byte[] part = new byte[256 * 1024];
            for (int count = body.read(part); count >= 0; count = body.read(part)) {
                read += count;
                Thread.onSpinWait();
            }
        }
        assertThat(read).isGreaterThan(20_000_000);
        assertThat(MODEL.finished()).isEqualTo(1);
    }

    @Test
    @DisplayName("R14: a hang-up in the middle of a stream ends the model call")
    void hangUp_midway_endsTheModelCall() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withHangAfter(2));
        try (SseReader events = open(gateway)) {
            delta(events);
        }
        MODEL.awaitAborted(1, LONG);
        awaitNothingActive(gateway);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("R14: a hang-up before the answer ends the model call")
    void hangUp_beforeTheAnswer_endsTheModelCall(boolean stream) throws Exception {
        MODEL.next(Behaviour.DEFAULT.withHang());
        try (RawHttp caller = new RawHttp(gateway.port())) {
            caller.send(raw(RunningGateway.message("Hello!", stream)));
            MODEL.awaitRequests(1, LONG);
        }
        MODEL.awaitAborted(1, LONG);
        awaitNothingActive(gateway);
    }

    @Test
    void pipelinedRequests_areAnsweredInTurn() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withChunks("one").withGap(Duration.ofMillis(10)));
        MODEL.next(Behaviour.DEFAULT.withChunks("two"));
        try (RawHttp caller = new RawHttp(gateway.port())) {
            String stream = raw(RunningGateway.message("Hello!", true));
            caller.send(stream + raw(RunningGateway.message("Hello!", false)));
            RawHttp.Answers answers = caller.receive(2, LONG);
            assertThat(answers.statuses()).containsExactly(200, 200);
            assertThat(answers.responses().get(0).body()).contains("\"one\"").endsWith("data: [DONE]\n\n");
            assertThat(answers.responses().get(1).body()).contains("\"two\"");
        }
    }

    @Test
    @DisplayName("R17: 200 streams run on two threads, and leave nothing when their callers hang up")
    void manyStreams_holdNoThreadAndLeaveNothing() throws Exception {
        MODEL.behave(Behaviour.DEFAULT.withHangAfter(2));
        List<CompletableFuture<HttpResponse<InputStream>>> answers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            answers.add(gateway.client().sendAsync(request(gateway, true), BodyHandlers.ofInputStream()));
        }
        MODEL.awaitOpenStreams(MANY, LONG);
        for (CompletableFuture<HttpResponse<InputStream>> answer : answers) {
            try (SseReader events = new SseReader(answer.join().body())) {
                delta(events);
                assertThat(delta(events)).isEqualTo("{\"content\":\"Hello\"}");
            }
        }
        MODEL.awaitAborted(MANY, LONG);
        awaitNothingActive(gateway);
        MODEL.behave(Behaviour.DEFAULT);
        assertThat(gateway.stream("Hello!").statusCode()).isEqualTo(200);
    }

    @Test
    void manyRequestsThatWaitForTheModel_holdNoThread() throws Exception {
        MODEL.behave(Behaviour.DEFAULT.withHang());
        List<RawHttp> callers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            RawHttp caller = new RawHttp(gateway.port());
            callers.add(caller);
            caller.send(raw(RunningGateway.message("Hello!", i % 2 == 0)));
        }
        MODEL.awaitRequests(MANY, LONG);
        assertThat(MODEL.open()).isEqualTo(MANY);
        assertThat(gateway.get("/live").statusCode()).isEqualTo(200);
        for (RawHttp caller : callers) {
            caller.close();
        }
        MODEL.awaitAborted(MANY, LONG);
        awaitNothingActive(gateway);
    }

    /** The request that asks is active itself. */
    private static void awaitNothingActive(RunningGateway gateway) {
        RunningGateway.await("no request is active", () -> {
            try {
                return JSON.readTree(gateway.get("/stats").body())
                                .at("/performance/active_requests")
                                .asInt()
                        == 1;
            } catch (IOException notJson) {
                throw new AssertionError(notJson);
            }
        });
    }

    private static void assertError(List<SseReader.Event> events, String code) throws IOException {
        SseReader.Event last = events.get(events.size() - 1);
        SseReader.Event error = events.get(events.size() - 2);
        assertThat(last.done()).isTrue();
        assertThat(error.name()).isEqualTo("error");
        JsonNode body = JSON.readTree(error.data().orElseThrow());
        assertThat(body.at("/error/code").asText()).isEqualTo(code);
        assertThat(body.at("/error/message").asText()).isNotBlank();
    }

    private static String content(List<SseReader.Event> events) throws IOException {
        StringBuilder content = new StringBuilder();
        for (SseReader.Event event : events) {
            if (event.name().equals("message") && event.data().isPresent() && !event.done()) {
                content.append(JSON.readTree(event.data().get())
                        .at("/choices/0/delta/content")
                        .asText(""));
            }
        }
        return content.toString();
    }

    private static String delta(SseReader events) throws IOException {
        return JSON.readTree(events.next().orElseThrow().data().orElseThrow())
                .at("/choices/0/delta")
                .toString();
    }

    private static SseReader open(RunningGateway gateway) throws Exception {
        return new SseReader(send(gateway, true).body());
    }

    private static HttpResponse<InputStream> send(RunningGateway gateway, boolean stream) throws Exception {
        return gateway.client().send(request(gateway, stream), BodyHandlers.ofInputStream());
    }

    private static java.net.http.HttpRequest request(RunningGateway gateway, boolean stream) {
        return gateway.request(PATH, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(RunningGateway.message("Hello!", stream)))
                .build();
    }

    private static String raw(String json) {
        return "POST " + PATH + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json;
    }
}
