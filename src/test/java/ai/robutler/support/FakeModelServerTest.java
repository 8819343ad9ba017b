package ai.robutler.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.Break;
import ai.robutler.support.FakeModelServer.ToolCall;
import ai.robutler.support.FakeModelServer.UsagePlace;
import ai.robutler.support.RawHttp.Answers;
import ai.robutler.support.RawHttp.Ending;
import ai.robutler.support.RawHttp.Response;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each knob of the fake model is seen on the wire. */
class FakeModelServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Behaviour HELLO = Behaviour.DEFAULT.withChunks("Hel", "lo");
    private static final String WHOLE = "{\"model\":\"m\"}";
    private static final String STREAM = "{\"model\":\"m\",\"stream\":true}";
    private static final String STREAM_WITH_USAGE =
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";

    private final FakeModelServer model = new FakeModelServer();

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void whole_byDefault_saysHelloWithUsage() throws Exception {
        Response answer = ask(Behaviour.DEFAULT, WHOLE);
        JsonNode json = JSON.readTree(answer.body());

        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(json.at("/object").asText()).isEqualTo("chat.completion");
        assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("Hello! How can I help you today?");
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(21);
        assertThat(json.at("/model").asText()).isEqualTo("upstream-model");
    }

    @Test
    void stream_byDefault_isRoleTextFinishDone() throws Exception {
        List<JsonNode> chunks = chunks(HELLO, STREAM);

        assertThat(chunks).hasSize(4).noneMatch(chunk -> chunk.has("usage"));
        assertThat(chunks.get(0).at("/choices/0/delta").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(chunks.get(1).at("/choices/0/delta").toString()).isEqualTo("{\"content\":\"Hel\"}");
        assertThat(chunks.get(3).at("/choices/0/delta").toString()).isEqualTo("{}");
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void models_listsOne_andIsNotCounted() throws Exception {
        String request = "GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        Answers answers = RawHttp.exchange(model.port(), request, SOON);

        assertThat(JSON.readTree(answers.responses().get(0).body())
                        .at("/data/0/id")
                        .asText())
                .isEqualTo("upstream-model");
        assertThat(model.requests()).isZero();
    }

    @Test
    void usage_asked_isAChunkOfItsOwnAndNullBefore() throws Exception {
        List<JsonNode> chunks = chunks(HELLO.withUsage(7, 3), STREAM_WITH_USAGE);

        assertThat(chunks).hasSize(5);
        assertThat(chunks.get(4).at("/choices")).isEmpty();
        assertThat(chunks.get(4).at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(chunks.subList(0, 4)).allMatch(chunk -> chunk.get("usage").isNull());
    }

    @Test
    void usage_isWhereItIsPut() throws Exception {
        assertThat(usages(UsagePlace.EXTRA_CHUNK)).containsExactly(false, false, false, false, true);
        assertThat(usages(UsagePlace.FINISH_CHUNK)).containsExactly(false, false, false, true);
        assertThat(usages(UsagePlace.EVERY_CHUNK)).containsExactly(true, true, true, true);
        assertThat(usages(UsagePlace.NEVER)).containsExactly(false, false, false, false);
        assertThat(JSON.readTree(ask(HELLO.withoutUsage(), WHOLE).body()).has("usage"))
                .isFalse();
        assertThat(JSON.readTree(ask(HELLO.withUsageJson("{\"a\":1}"), WHOLE).body())
                        .at("/usage/a")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void toolCalls_streamed_areFragmentsAfterIdAndName() throws Exception {
        Behaviour calls = HELLO.withToolCalls(
                        new ToolCall("call_1", "weather", "{\"a\":1}"), new ToolCall("call_2", "time", "{}"))
                .withToolFragment(4);
        List<String> deltas = chunks(calls, STREAM).stream()
                .map(chunk -> chunk.at("/choices/0/delta/tool_calls/0").toString())
                .toList();

        assertThat(deltas)
                .containsExactly(
                        "",
                        "{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}",
                        "{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}",
                        "{\"index\":0,\"function\":{\"arguments\":\":1}\"}}",
                        "{\"index\":1,\"id\":\"call_2\",\"type\":\"function\",\"function\":{\"name\":\"time\",\"arguments\":\"\"}}",
                        "{\"index\":1,\"function\":{\"arguments\":\"{}\"}}",
                        "");
        assertThat(chunks(calls.withToolFragment(0), STREAM)).hasSize(4);
    }

    @Test
    void toolCalls_whole_areComplete() throws Exception {
        JsonNode choice = JSON.readTree(ask(HELLO.withToolCalls(new ToolCall("call_1", "weather", "{\"a\":1}")), WHOLE)
                        .body())
                .at("/choices/0");

        assertThat(choice.at("/message/content").isNull()).isTrue();
        assertThat(choice.at("/message/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"a\":1}");
        assertThat(choice.at("/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void chunkShapes_followTheirKnobs() throws Exception {
        assertThat(chunks(HELLO.withRoleInEveryChunk(), STREAM))
                .hasSize(3)
                .allMatch(chunk -> chunk.at("/choices/0/delta/role").asText().equals("assistant"));
        assertThat(chunks(HELLO.withContentInFinish(), STREAM).get(2).at("/choices/0/delta/content"))
                .hasToString("\"lo\"");
        JsonNode own = chunks(
                        HELLO.withId("c-%d")
                                .withModel("own")
                                .withChunkExtra("{\"x\":1}")
                                .withMessageExtra("{\"y\":2}"),
                        STREAM)
                .get(1);
        assertThat(own.get("id").asText()).isEqualTo("c-1");
        assertThat(own.get("model").asText()).isEqualTo("own");
        assertThat(own.get("x").asInt()).isEqualTo(1);
        assertThat(own.at("/choices/0/delta/y").asInt()).isEqualTo(2);
        assertThat(chunks(HELLO.withFinishReason("length"), STREAM).get(3).at("/choices/0/finish_reason"))
                .hasToString("\"length\"");
        assertThat(chunks(HELLO.withoutFinishReason(), STREAM)).hasSize(3);
        assertThat(chunks(HELLO.withChunks(50, "ha"), STREAM)).hasSize(52);
        assertThat(ask(HELLO.withoutDone(), STREAM).body()).doesNotContain("[DONE]");
    }

    @Test
    void lines_followTheirKnobs() throws Exception {
        assertThat(ask(HELLO.withCrLf(), STREAM).body())
                .startsWith("data: {")
                .endsWith("data: [DONE]\r\n\r\n")
                .doesNotContain("}\n\n");
        assertThat(SseReader.parse(ask(HELLO.withComment("ping"), STREAM).body()))
                .allMatch(event -> event.comments().equals(List.of("ping")));
    }

    @Test
    void writes_areSplitOrJoined() throws Exception {
        Behaviour wide = HELLO.withChunks("Gr\u00fc\u00dfe").withoutDone();
        String plain = wire(wide);

        assertThat(wire(wide.withSplitWrites()))
                .contains("3\r\ndat\r\n")
                .contains("\u00c3\r\n")
                .contains("1\r\n\n\r\n");
        assertThat(ask(wide.withSplitWrites(), STREAM).body())
                .isEqualTo(ask(wide, STREAM).body());
        assertThat(httpChunks(plain)).isEqualTo(3);
        assertThat(httpChunks(wire(wide.withEventsPerWrite(3)))).isEqualTo(1);
    }

    @Test
    void cut_resetsWhereItSays() throws Exception {
        assertThat(broken(HELLO.withCutBeforeHeaders(), STREAM, Ending.RESET)).isEmpty();
        assertThat(broken(HELLO.withCutAfter(0), STREAM, Ending.RESET)).endsWith("\r\n\r\n");
        assertThat(broken(HELLO.withCutAfter(2), STREAM, Ending.RESET))
                .contains("Hel")
                .doesNotContain("lo\"");
        assertThat(broken(HELLO.withCutAfter(99), STREAM, Ending.RESET))
                .contains("\"stop\"")
                .doesNotContain("DONE");
        assertThat(broken(HELLO.withCutMidEvent(1), STREAM, Ending.RESET)).endsWith("\"upstr\r\n");
        assertThat(broken(HELLO.withBreak(Break.CLOSE, 2), STREAM, Ending.CLOSED))
                .contains("Hel")
                .doesNotContain("0\r\n\r\n");
        assertThat(broken(HELLO.withCutAfter(0), WHOLE, Ending.RESET))
                .contains("200 OK")
                .doesNotContain("usage");
    }

    @Test
    void end_isWholeHttpButHalfAStream() throws Exception {
        assertThat(chunks(HELLO.withBreak(Break.END, 2), STREAM)).hasSize(2);
        assertThat(chunks(HELLO.withBreak(Break.END, 0), STREAM)).isEmpty();
    }

    @Test
    void error_comesInA200Stream() throws Exception {
        List<SseReader.Event> first =
                SseReader.parse(ask(HELLO.withErrorAfter(0), STREAM).body());
        List<SseReader.Event> midway = SseReader.parse(
                ask(HELLO.withErrorAfter(2).withNamedError().withErrorEvent("{\"error\":\"broke\"}"), STREAM)
                        .body());

        assertThat(first).hasSize(1).allMatch(event -> event.name().equals("message"));
        assertThat(first.get(0).data().orElseThrow()).contains("The model broke");
        assertThat(midway).hasSize(3);
        assertThat(midway.get(2))
                .returns("error", SseReader.Event::name)
                .returns(Optional.of("{\"error\":\"broke\"}"), SseReader.Event::data);
    }

    @Test
    void garbage_isNotJson() throws Exception {
        List<SseReader.Event> events =
                SseReader.parse(ask(HELLO.withGarbageAfter(1), STREAM).body());

        assertThat(events).hasSize(6);
        assertThat(events.get(1).data().orElseThrow()).startsWith("<html>");
        assertThat(events.get(5).done()).isTrue();
        assertThat(ask(HELLO.withGarbageAfter(0), WHOLE).body()).startsWith("<html>");
    }

    @Test
    void status_andBody_areAsSet() throws Exception {
        Response busy = ask(HELLO.withStatus(429).withHeader("Retry-After", "7"), STREAM);
        Response moved = ask(HELLO.withRedirect("http://127.0.0.1:9/"), WHOLE);

        assertThat(busy.status()).isEqualTo(429);
        assertThat(busy.header("retry-after")).contains("7");
        assertThat(JSON.readTree(busy.body()).at("/error/message").asText()).isEqualTo("Upstream says 429");
        assertThat(moved.status()).isEqualTo(307);
        assertThat(moved.header("Location")).contains("http://127.0.0.1:9/");
        assertThat(ask(HELLO.withBody("hm").withContentType("text/plain"), STREAM))
                .returns("hm", Response::body)
                .returns(Optional.of("text/plain"), answer -> answer.header("content-type"));
        assertThat(ask(HELLO.withPlainForStream(), STREAM).header("content-type"))
                .contains("application/json");
    }

    @Test
    void delays_areWaited() throws Exception {
        long start = System.nanoTime();
        Behaviour slow = HELLO.withDelayBeforeHeaders(Duration.ofMillis(60))
                .withDelayBeforeFirstChunk(Duration.ofMillis(50))
                .withGap(Duration.ofMillis(20));
        ask(slow, STREAM);
        long streamedMs = (System.nanoTime() - start) / 1_000_000;

        assertThat(streamedMs).isGreaterThanOrEqualTo(60 + 50 + 4 * 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {WHOLE, STREAM})
    void huge_isWhole(String request) throws Exception {
        Behaviour huge = HELLO.withContentOf(3_000_001);

        assertThat(huge.content()).hasSize(3_000_001);
        assertThat(ask(huge, request)
                        .body()
                        .replace("index", "")
                        .chars()
                        .filter(c -> c == 'x')
                        .count())
                .isEqualTo(3_000_001);
    }

    @Test
    void behaviour_isTheQueuesThenTheModelsThenTheOneForAll() throws Exception {
        model.behave(HELLO.withChunks("all"));
        model.behave("m", HELLO.withChunks("model"));
        model.next(HELLO.withChunks("first"), HELLO.withChunks("second"));

        List<String> said = new ArrayList<>();
        for (String request : List.of(WHOLE, WHOLE, WHOLE, "{\"model\":\"other\"}")) {
            said.add(JSON.readTree(send(request).body())
                    .at("/choices/0/message/content")
                    .asText());
        }

        assertThat(said).containsExactly("first", "second", "model", "all");
        assertThat(model.requests()).isEqualTo(4);
        assertThat(model.requests("m")).isEqualTo(3);
        assertThat(model.lastRequest().model()).isEqualTo("other");
        assertThat(model.lastRequest().header("X-Test")).contains("yes");
        model.awaitIdle(SOON);
        model.reset();
        assertThat(model.requests()).isZero();
        assertThatThrownBy(model::lastRequest).isInstanceOf(AssertionError.class);
    }

    @Test
    void hang_ofAClientThatLeaves_isAborted() throws Exception {
        model.next(HELLO.withHang(), HELLO.withHangAfter(2));
        try (RawHttp silent = connect(STREAM)) {
            model.awaitOpenStreams(1, SOON);
            assertThat(silent.receive(Duration.ofMillis(20)).rest()).isEmpty();
        }
        model.awaitAborted(1, SOON);
        try (RawHttp stuck = connect(STREAM)) {
            model.awaitOpenStreams(1, SOON);
            assertThat(stuck.receive(Duration.ofMillis(300)).rest())
                    .contains("Hel")
                    .doesNotContain("lo\"");
            stuck.reset();
            model.awaitAborted(2, SOON);
        }
        model.awaitIdle(SOON);
        assertThat(model.aborted()).isEqualTo(2);
        assertThat(model.openStreams()).isZero();
        assertThat(model.open()).isZero();
    }

    @Test
    void ownCut_isFinished() throws Exception {
        broken(HELLO.withCutAfter(1), STREAM, Ending.RESET);
        model.awaitIdle(SOON);

        assertThat(model.finished()).isEqualTo(1);
        assertThat(model.aborted()).isZero();
    }

    @Test
    void await_inVain_fails() {
        assertThatThrownBy(() -> model.awaitAborted(1, Duration.ofMillis(10)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 aborted");
    }

    @Test
    void received_keepsTheLastThousand() throws Exception {
        String request = request(WHOLE, "keep-alive");
        try (RawHttp connection = new RawHttp(model.port())) {
            for (int i = 0; i < 11; i++) {
                connection.send(request.repeat(100));
                model.awaitRequests((i + 1) * 100, SOON);
            }
        }

        assertThat(model.received()).hasSize(1_000);
        assertThat(model.requests()).isEqualTo(1_100);
    }

    private List<Boolean> usages(UsagePlace place) throws IOException {
        return chunks(HELLO.withUsagePlace(place), STREAM).stream()
                .map(chunk -> chunk.has("usage"))
                .toList();
    }

    private List<JsonNode> chunks(Behaviour behaviour, String request) throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        for (SseReader.Event event : SseReader.parse(ask(behaviour, request).body())) {
            if (!event.done()) {
                chunks.add(JSON.readTree(event.data().orElseThrow()));
            }
        }
        return chunks;
    }

    private String broken(Behaviour behaviour, String request, Ending ending) throws IOException {
        model.next(behaviour);
        try (RawHttp connection = connect(request)) {
            Answers answers = connection.receive(SOON);
            assertThat(answers.responses()).isEmpty();
            assertThat(answers.ending()).isEqualTo(ending);
            return answers.rest();
        }
    }

    /** The body with its HTTP chunks, each of which is one write. */
    private String wire(Behaviour behaviour) throws IOException {
        String text = broken(behaviour.withCutAfter(3), STREAM, Ending.RESET);
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    private static long httpChunks(String wire) {
        return wire.lines().filter(line -> line.matches("[0-9a-f]+")).count();
    }

    private Response ask(Behaviour behaviour, String request) throws IOException {
        model.next(behaviour);
        return send(request);
    }

    private Response send(String request) throws IOException {
        try (RawHttp connection = connect(request)) {
            return connection.receive(1, SOON).responses().get(0);
        }
    }

    private RawHttp connect(String body) throws IOException {
        RawHttp connection = new RawHttp(model.port());
        connection.send(request(body, "close"));
        return connection;
    }

    private static String request(String body, String connection) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Test: yes\r\nConnection: " + connection
                + "\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }
}
