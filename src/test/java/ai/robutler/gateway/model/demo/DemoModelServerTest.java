package ai.robutler.gateway.model.demo;

import static ai.robutler.gateway.model.demo.ChatRequests.asking;
import static ai.robutler.gateway.model.demo.ChatRequests.parsed;
import static ai.robutler.gateway.model.demo.ChatRequests.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoModelServerTest {
    private static final Clock NOON = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final String WEATHER =
            tool("get_weather", "{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}");

    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicInteger IDS = new AtomicInteger();
    private static final DemoModelServer SERVER =
            new DemoModelServer(VERTX, NOON, () -> String.valueOf(IDS.incrementAndGet()));
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        port = await(SERVER.start());
    }

    @AfterAll
    static void stop() throws Exception {
        await(SERVER.close());
        await(VERTX.close());
    }

    @Test
    void models_isTheDemoAloneAndOurs() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/models", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"id\":\"demo\",\"object\":\"model\","
                        + "\"created\":1700000000,\"owned_by\":\"robutler\"}]}");
    }

    @Test
    void chat_isAChatCompletion() throws Exception {
        HttpResponse<String> answer = chat(asking("hello").toString());
        JsonNode body = parsed(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(body.path("id").asText()).matches("chatcmpl-\\d+");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("created").asLong()).isEqualTo(1_700_000_000);
        assertThat(body.path("model").asText()).isEqualTo("demo");
        assertThat(body.at("/choices/0/index").asInt(-1)).isZero();
        assertThat(body.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo(DemoModel.NOTICE);
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(body.at("/choices/0/message").has("tool_calls")).isFalse();
        assertThat(body.at("/usage/total_tokens").asLong())
                .isEqualTo(body.at("/usage/prompt_tokens").asLong()
                        + body.at("/usage/completion_tokens").asLong())
                .isPositive();
    }

    @Test
    void chat_toolCallHasNullContentAndArgumentsAsText() throws Exception {
        JsonNode choice = parsed(
                        chat(asking("weather in Paris", WEATHER).toString()).body())
                .at("/choices/0");
        assertThat(choice.at("/message/content").isNull()).isTrue();
        assertThat(choice.at("/message/tool_calls/0/id").asText()).matches("call_\\d+");
        assertThat(choice.at("/message/tool_calls/0/type").asText()).isEqualTo("function");
        assertThat(choice.at("/message/tool_calls/0/function").toString())
                .isEqualTo("{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void stream_isRoleWordsAndFinish() throws Exception {
        HttpResponse<String> answer = chat(asking("hello", "'stream':true").toString());
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(answer.headers().firstValue("content-length")).isEmpty();

        List<JsonNode> chunks = chunks(answer.body());
        int last = chunks.size() - 1;
        assertThat(delta(chunks.get(0))).isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(delta(chunks.get(1))).isEqualTo("{\"content\":\"No\"}");
        assertThat(delta(chunks.get(2))).isEqualTo("{\"content\":\" language\"}");
        assertThat(delta(chunks.get(last))).isEqualTo("{}");
        assertThat(content(chunks)).isEqualTo(DemoModel.NOTICE);
        assertThat(chunks.subList(0, last))
                .allMatch(chunk -> chunk.at("/choices/0/finish_reason").isNull());
        assertThat(chunks.get(last).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
        assertThat(chunks)
                .allMatch(chunk -> chunk.path("object").asText().equals("chat.completion.chunk"))
                .extracting(chunk -> chunk.path("id").asText())
                .containsOnly(chunks.get(0).path("id").asText());
    }

    @Test
    void stream_withUsageEndsWithAChunkOfItsOwn() throws Exception {
        List<JsonNode> chunks = chunks(
                chat(asking("hello", "'stream':true", "'max_tokens':7", "'stream_options':{'include_usage':true}")
                                .toString())
                        .body());
        int last = chunks.size() - 1;
        assertThat(chunks.get(last).path("choices")).isEmpty();
        assertThat(chunks.get(last).at("/usage/completion_tokens").asLong()).isBetween(5L, 7L);
        assertThat(chunks.subList(0, last))
                .allMatch(chunk -> chunk.has("usage") && chunk.path("usage").isNull());
        assertThat(chunks.get(last - 1).at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void stream_toolCallNamesItselfInItsFirstDeltaOnly() throws Exception {
        List<JsonNode> chunks =
                chunks(chat(asking("weather in Paris", WEATHER, "'stream':true").toString())
                        .body());
        assertThat(chunks).hasSize(4);
        assertThat(delta(chunks.get(0))).isEqualTo("{\"role\":\"assistant\",\"content\":null}");
        assertThat(delta(chunks.get(1)))
                .matches("\\{\"tool_calls\":\\[\\{\"index\":0,\"id\":\"call_\\d+\",\"type\":\"function\","
                        + "\"function\":\\{\"name\":\"get_weather\",\"arguments\":\"\"}}]}");
        assertThat(delta(chunks.get(2)))
                .isEqualTo("{\"tool_calls\":[{\"index\":0,\"function\":"
                        + "{\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}}]}");
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void stream_emptyAnswerStillHasRoleAndFinish() throws Exception {
        List<JsonNode> chunks = chunks(
                chat(asking("hello", "'stream':true", "'stop':'No'").toString()).body());
        assertThat(chunks).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                                                                | messages
                    []                                                                | body
                    {'messages':[]}                                                   | messages
                    {'messages':'hello'}                                              | messages
                    {'messages':[7]}                                                  | messages[0]
                    {'messages':[{'content':'x'}]}                                    | messages[0].role
                    {'messages':[{'role':'user'},{'role':'robot'}]}                   | messages[1].role
                    {'messages':[{'role':'user','content':7}]}                        | messages[0].content
                    {'messages':[{'role':'user'}],'max_tokens':0}                     | max_tokens
                    {'messages':[{'role':'user'}],'max_tokens':1.5}                   | max_tokens
                    {'messages':[{'role':'user'}],'max_completion_tokens':'9'}        | max_completion_tokens
                    {'messages':[{'role':'user'}],'n':2}                              | n
                    {'messages':[{'role':'user'}],'stream':'yes'}                     | stream
                    {'messages':[{'role':'user'}],'stop':[1]}                         | stop
                    {'messages':[{'role':'user'}],'stop':['a','b','c','d','e']}       | stop
                    {'messages':[{'role':'user'}],'tools':{}}                         | tools
                    {'messages':[{'role':'user'}],'tools':[{}]}                       | tools[0].function.name
                    {'messages':[{'role':'user'}],'tool_choice':'required'}           | tool_choice
                    {'messages':[{'role':'user'}],'tool_choice':'maybe'}              | tool_choice
                    {'messages':[{'role':'user'}],'tool_choice':{'function':{'name':'x'}}} | tool_choice
                    """)
    void chat_malformedRequest_is400WithItsField(String request, String param) throws Exception {
        HttpResponse<String> answer = chat(request.replace('\'', '"'));
        JsonNode error = parsed(answer.body()).path("error");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asText()).isEqualTo("invalid_request");
        assertThat(error.path("message").asText()).startsWith(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"messages\":[]} x", "hello", "\u0000"})
    void chat_bodyThatIsNotJson_is400(String body) throws Exception {
        HttpResponse<String> answer = chat(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(parsed(answer.body()).at("/error/code").asText()).isEqualTo("invalid_json");
        assertThat(parsed(answer.body()).at("/error/param").isNull()).isTrue();
    }

    @Test
    void chat_emptyBodyAndDeepBody_are400() throws Exception {
        assertThat(chat("").statusCode()).isEqualTo(400);
        assertThat(chat("[".repeat(100_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void chat_explicitNullsCountAsAbsent() throws Exception {
        assertThat(chat(asking(
                                        "hello",
                                        "'stream':null",
                                        "'stop':null",
                                        "'max_tokens':null",
                                        "'n':null",
                                        "'tools':null",
                                        "'tool_choice':null",
                                        "'stream_options':null")
                                .toString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void chat_oneMegabyteIsAnswered() throws Exception {
        JsonNode body = parsed(chat(asking("word ".repeat(200_000)).toString()).body());
        assertThat(body.at("/usage/prompt_tokens").asLong()).isBetween(200_000L, 201_000L);
    }

    @Test
    void chat_bodyOverTheLimit_is413AndTheConnectionLives() throws Exception {
        HttpResponse<String> answer = chat(" ".repeat(12 * 1024 * 1024 + 1));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(parsed(answer.body()).at("/error/code").asText()).isEqualTo("request_too_large");
        assertThat(chat(asking("hello").toString()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GET,/v1/chat/completions,POST", "POST,/v1/models,GET", "DELETE,/v1/models,GET"})
    void wrongMethod_is405WithAllow(String method, String path, String allowed) throws Exception {
        HttpResponse<String> answer = send(method, path, "");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue(allowed);
        assertThat(parsed(answer.body()).at("/error/code").asText()).isEqualTo("method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/embeddings", "/v1/models/other"})
    void unknownPath_is404(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(parsed(answer.body()).at("/error/code").asText()).isEqualTo("not_found");
    }

    @Test
    void chat_manyAtOnceHaveIdsOfTheirOwn() {
        List<String> ids = IntStream.range(0, 50)
                .mapToObj(i -> CLIENT.sendAsync(
                        request(
                                "POST",
                                "/v1/chat/completions",
                                asking("hello " + i).toString()),
                        HttpResponse.BodyHandlers.ofString()))
                .toList()
                .stream()
                .map(call -> parsed(call.join().body()).path("id").asText())
                .toList();
        assertThat(ids).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void close_freesThePort() throws Exception {
        DemoModelServer other = new DemoModelServer(VERTX);
        int otherPort = await(other.start());
        await(other.close());
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + otherPort + "/v1/models"))
                .build();
        assertThatThrownBy(() -> CLIENT.send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(ConnectException.class);
    }

    private static List<JsonNode> chunks(String body) {
        assertThat(body).endsWith("\n\ndata: [DONE]\n\n");
        List<JsonNode> chunks = new ArrayList<>();
        for (String event :
                body.substring(0, body.length() - "data: [DONE]\n\n".length()).split("\n\n", -1)) {
            if (!event.isEmpty()) {
                assertThat(event).startsWith("data: {").doesNotContain("\n");
                chunks.add(parsed(event.substring("data: ".length())));
            }
        }
        return chunks;
    }

    private static String delta(JsonNode chunk) {
        return chunk.at("/choices/0/delta").toString();
    }

    private static String content(List<JsonNode> chunks) {
        StringBuilder content = new StringBuilder();
        chunks.forEach(
                chunk -> content.append(chunk.at("/choices/0/delta/content").asText()));
        return content.toString();
    }

    private static HttpResponse<String> chat(String body) throws IOException, InterruptedException {
        return send("POST", "/v1/chat/completions", body);
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return CLIENT.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
