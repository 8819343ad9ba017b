package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.CapturedLog;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.ToolCall;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.SseReader;
import ai.robutler.support.Wire;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One chat completion, from the caller's bytes to the model's and back. */
final class ChatCompletionsRouteTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/assistant/chat/completions";
    private static final FakeModelServer MODEL = new FakeModelServer();
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(MODEL);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        MODEL.close();
    }

    @AfterEach
    void forget() {
        MODEL.reset();
    }

    @Test
    void steps_areInTheOrderTheReadmeTells() throws IOException {
        String section = Files.readString(Path.of("README.md"))
                .replaceFirst("(?s)^.*?\n## One request\n", "")
                .replaceFirst("(?s)\n## .*$", "");
        List<String> told = Pattern.compile("(?m)^\\d+\\. `([a-z-]+)`")
                .matcher(section)
                .results()
                .map(item -> item.group(1))
                .toList();
        ModelCamelContext context = (ModelCamelContext) gateway.application().context();
        List<String> steps = context.getRouteDefinition("chat-completions").getOutputs().stream()
                .filter(step -> !step.isAbstract())
                .map(ProcessorDefinition::getId)
                .toList();
        assertThat(steps).isNotEmpty().isEqualTo(told);
    }

    @Test
    void seedsRequest_isAnsweredLikeTheSeed() {
        MODEL.next(Behaviour.DEFAULT.withUsage(15, 10).withMessageExtra("{\"refusal\":null}"));
        HttpResponse<String> answer = gateway.post(PATH, Wire.read("chat-request.json"));
        CONTRACT.check(answer);
        ObjectNode body = (ObjectNode) json(answer.body());
        assertThat(body.path("id").asText()).startsWith("chatcmpl-");
        assertThat(body.path("created").isIntegralNumber()).isTrue();
        ObjectNode choice = (ObjectNode) body.at("/choices/0");
        choice.remove("logprobs");
        ((ObjectNode) choice.path("message")).remove("refusal");
        assertThat(likeTheSeed(body)).isEqualTo(json(Wire.read("chat-response.json")));
    }

    @Test
    void seedsStream_isAnsweredLikeTheSeed() throws IOException {
        MODEL.next(Behaviour.DEFAULT.withChunks("1", "2").withUsage(10, 5));
        HttpResponse<String> answer = gateway.post(PATH, Wire.read("stream-request.json"));
        CONTRACT.check(answer);
        List<JsonNode> seed = chunks(Wire.read("stream.txt"));
        // clients want content in the first delta, the seed has none
        ((ObjectNode) seed.get(0).at("/choices/0/delta")).put("content", "");
        List<JsonNode> chunks = chunks(answer.body());
        chunks.forEach(chunk -> likeTheSeed((ObjectNode) chunk));
        assertThat(chunks).isEqualTo(seed);
    }

    @Test
    void seedsToolCall_isAnsweredLikeTheSeed() {
        MODEL.next(weather().withUsage(20, 15));
        HttpResponse<String> answer = gateway.post(PATH, Wire.read("tools-request.json"));
        CONTRACT.check(answer);
        ObjectNode body = (ObjectNode) json(answer.body());
        ((ObjectNode) body.at("/choices/0")).remove("logprobs");
        ((ObjectNode) body.at("/choices/0/message")).remove("refusal");
        assertThat(likeTheSeed(body)).isEqualTo(json(Wire.read("tools-response.json")));
        assertThat(MODEL.lastRequest().body().path("tools"))
                .isEqualTo(json(Wire.read("tools-request.json")).path("tools"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void toolCalls_areStreamedAsDeltas(int fragment) throws IOException {
        MODEL.next(weather().withToolFragment(fragment));
        String request = Wire.read("tools-request.json").replaceFirst("\\{", "{\"stream\":true,");
        HttpResponse<String> answer = gateway.post(PATH, request);
        CONTRACT.check(answer);
        StringBuilder arguments = new StringBuilder();
        List<String> ids = new ArrayList<>();
        List<JsonNode> chunks = chunks(answer.body());
        for (JsonNode chunk : chunks) {
            JsonNode call = chunk.at("/choices/0/delta/tool_calls/0");
            arguments.append(call.at("/function/arguments").asText(""));
            if (call.has("id")) {
                ids.add(call.path("id").asText() + call.at("/function/name").asText());
            }
        }
        assertThat(arguments).hasToString("{\"location\": \"New York\"}");
        assertThat(ids).containsExactly("call_abc123get_weather");
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("tool_calls");
    }

    @Test
    void modelGetsTheCallersRequestUnderTheAgentsInstructions() {
        gateway.post(
                PATH,
                "{\"model\":\"mine\",\"temperature\":0.70,\"metadata\":{\"a\":\"b\"},\"own\":[1,null],\"stream\":true,\"messages\":["
                        + "{\"role\":\"system\",\"content\":\"Speak French.\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                        + "\"text\":\"Hi\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA\"}}]}]}");
        JsonNode sent = MODEL.lastRequest().body();
        assertThat(sent.path("model").asText()).isEqualTo("fake-model");
        assertThat(sent.at("/stream_options/include_usage").asBoolean()).isTrue();
        assertThat(sent.at("/messages/0/content").asText())
                .startsWith("You are a helpful assistant.")
                .endsWith("\n\nSpeak French.");
        assertThat(sent.path("messages")).hasSize(2);
        assertThat(sent.at("/messages/1/content")).hasSize(2);
        assertThat(MODEL.lastRequest().text())
                .contains("\"temperature\":0.70,\"metadata\":{\"a\":\"b\"},\"own\":[1,null]");
    }

    @Test
    void model_isEchoedElseItIsTheAgentsName() {
        String named = gateway.post(PATH, "{\"model\":\"gpt-x\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                .body();
        assertThat(json(named).path("model").asText()).isEqualTo("gpt-x");
        assertThat(json(gateway.chat("Hello!").body()).path("model").asText()).isEqualTo("assistant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat/completions", "/v1/chat/completions"})
    void agent_isTakenFromTheModelField(String path) {
        HttpResponse<String> answer = gateway.post(path, Wire.read("chat-request.json"));
        assertThat(answer.statusCode()).isEqualTo(200);
        CONTRACT.check(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "text/plain;charset=UTF-8", "application/json; charset=utf-8"})
    void json_isReadUnderTheTypesThatClientsSend(String type) {
        var request = gateway.request(PATH).POST(BodyPublishers.ofString(RunningGateway.message("Hello!", false)));
        HttpResponse<String> answer = gateway.send(
                type.isEmpty()
                        ? request.build()
                        : request.header("Content-Type", type).build());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void json_underAnotherType_isRefused() {
        HttpResponse<String> answer = gateway.send(gateway.request(PATH, "Content-Type", "application/xml")
                .POST(BodyPublishers.ofString(RunningGateway.message("Hello!", false)))
                .build());
        assertThat(answer.statusCode()).isEqualTo(415);
        CONTRACT.check(answer);
    }

    @Test
    void fieldAtFault_isNamed() {
        HttpResponse<String> answer =
                gateway.post(PATH, "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"robot\"}]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer.body()).at("/error/param").asText()).isEqualTo("messages[1].role");
        CONTRACT.check(answer);
        assertThat(MODEL.requests()).isZero();
    }

    @Test
    void aMegabyte_isPassedOn() {
        String text = "é😀".repeat(170_000);
        assertThat(gateway.chat(text).statusCode()).isEqualTo(200);
        assertThat(MODEL.lastRequest().body().at("/messages/1/content").asText())
                .isEqualTo(text);
    }

    @Test
    void parallelRequests_doNotMix() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String json = RunningGateway.message("m" + i, i % 2 == 0).replaceFirst("\\{", "{\"model\":\"m" + i + "\",");
            answers.add(gateway.client()
                    .sendAsync(
                            gateway.request(PATH, "X-Request-ID", "r" + i)
                                    .POST(BodyPublishers.ofString(json))
                                    .build(),
                            BodyHandlers.ofString()));
        }
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> answer = answers.get(i).join();
            assertThat(answer.body()).contains("\"model\":\"m" + i + "\"");
            assertThat(answer.headers().firstValue("X-Request-ID")).hasValue("r" + i);
            CONTRACT.check(answer);
        }
        assertThat(answers.stream()
                        .map(answer -> answer.join().body().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1"))
                        .collect(Collectors.toSet()))
                .hasSize(50);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("R12: usage that the model does not tell is counted, and recorded as an estimate")
    void usage_notTold_isRecordedAsEstimated(boolean stream) {
        try (CapturedLog log = new CapturedLog()) {
            MODEL.next(Behaviour.DEFAULT.withoutUsage());
            String id = "estimated-" + stream;
            gateway.post(PATH, RunningGateway.message("Hello!", stream), "X-Request-ID", id);
            RunningGateway.await(
                    "the usage is recorded", () -> !log.with("requestId=" + id).isEmpty());
            assertThat(log.with("requestId=" + id))
                    .singleElement()
                    .asString()
                    .contains("estimated=true")
                    .doesNotContain("completionTokens=0 ");
        }
    }

    @Test
    @DisplayName("R12: the model's own figures are recorded as such")
    void usage_told_isRecorded() {
        try (CapturedLog log = new CapturedLog()) {
            gateway.post(PATH, RunningGateway.message("Hello!", true), "X-Request-ID", "told");
            RunningGateway.await(
                    "the usage is recorded", () -> !log.with("requestId=told").isEmpty());
            assertThat(log.with("requestId=told").get(0))
                    .contains("promptTokens=12", "completionTokens=9", "estimated=false", "trouble=none");
        }
    }

    private static Behaviour weather() {
        return Behaviour.DEFAULT.withToolCalls(
                new ToolCall("call_abc123", "get_weather", "{\"location\": \"New York\"}"));
    }

    /** With the seed's id and time. */
    private static ObjectNode likeTheSeed(ObjectNode body) {
        body.put("id", "chatcmpl-abc123");
        body.set("created", JSON.getNodeFactory().numberNode(1706178345));
        return body;
    }

    private static List<JsonNode> chunks(String stream) throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        for (SseReader.Event event : SseReader.parse(stream)) {
            if (!event.done()) {
                chunks.add(json(event.data().orElseThrow()));
            }
        }
        return chunks;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new AssertionError(text, broken);
        }
    }
}
