package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.support.SseReader;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkRewriterTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final String HEAD =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,"
                    + "\"model\":\"assistant\",\"choices\":[";
    private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null", "");
    private static final String USAGE = "{\"prompt_tokens\":12,\"completion_tokens\":9,\"total_tokens\":21}";
    private static final String DONE = "data: [DONE]\n\n";

    enum Client {
        PLAIN,
        ASKS_USAGE,
        JAVA
    }

    @Test
    void answer_isRoleContentFinishWithUsageDone() {
        assertThat(rewritten(
                        Client.PLAIN,
                        delta("{\"role\":\"assistant\",\"content\":\"\"}"),
                        delta("{\"content\":\"Hel\"}"),
                        delta("{\"content\":\"lo\"}"),
                        finish("{}", "stop"),
                        usage(USAGE),
                        "[DONE]"))
                .isEqualTo(ROLE
                        + chunk("{\"content\":\"Hel\"}", "null", "")
                        + chunk("{\"content\":\"lo\"}", "null", "")
                        + chunk("{}", "\"stop\"", ",\"usage\":" + USAGE)
                        + DONE);
    }

    @Test
    void answer_usageAsked_comesInAnExtraChunkAndIsNullElsewhere() {
        assertThat(rewritten(
                        Client.ASKS_USAGE,
                        delta("{\"role\":\"assistant\",\"content\":\"\"}"),
                        delta("{\"content\":\"Hello\"}"),
                        finish("{}", "stop"),
                        usage(USAGE),
                        "[DONE]"))
                .isEqualTo(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null", ",\"usage\":null")
                        + chunk("{\"content\":\"Hello\"}", "null", ",\"usage\":null")
                        + chunk("{}", "\"stop\"", ",\"usage\":null") + HEAD + "],\"usage\":" + USAGE + "}\n\n" + DONE);
    }

    @Test
    void answer_toTheJavaSdk_hasNoUsageBesideChoices() {
        assertThat(rewritten(
                        Client.JAVA, delta("{\"content\":\"Hello\"}"), finish("{}", "stop"), usage(USAGE), "[DONE]"))
                .isEqualTo(ROLE + chunk("{\"content\":\"Hello\"}", "null", "") + chunk("{}", "\"stop\"", "") + DONE);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN,false", "ASKS_USAGE,false", "PLAIN,true", "ASKS_USAGE,true"})
    void usage_isToldOnceWhereverTheModelPutsIt(Client client, boolean everywhere) {
        String with = "{\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}],\"usage\":" + USAGE + "}";
        String first =
                everywhere ? with.formatted("{\"content\":\"Hello\"}", "null") : delta("{\"content\":\"Hello\"}");
        List<JsonNode> chunks = chunks(rewritten(client, first, with.formatted("{}", "\"stop\""), "[DONE]"));
        assertThat(chunks)
                .filteredOn(chunk -> chunk.path("usage").isObject())
                .singleElement()
                .satisfies(chunk -> {
                    assertThat(chunk.path("usage").toString()).isEqualTo(USAGE);
                    assertThat(chunk.path("choices").isEmpty()).isEqualTo(client == Client.ASKS_USAGE);
                });
    }

    @Test
    void role_inEveryChunk_isSentOnce() {
        String text = rewritten(
                Client.PLAIN,
                delta("{\"role\":\"assistant\",\"content\":\"a\"}"),
                delta("{\"role\":\"assistant\",\"content\":\"b\"}"),
                finish("{\"role\":\"assistant\",\"content\":\"\"}", "stop"),
                "[DONE]");
        assertThat(text).startsWith(ROLE + chunk("{\"content\":\"a\"}", "null", ""));
        assertThat(text.split("\"role\"", -1)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "ASKS_USAGE", "JAVA"})
    void content_onTheFinishChunk_comesBeforeTheFinish(Client client) {
        List<JsonNode> chunks = chunks(
                rewritten(client, delta("{\"content\":\"a\"}"), finish("{\"content\":\"b\"}", "length"), "[DONE]"));
        assertThat(content(chunks)).isEqualTo("ab");
        assertThat(chunks)
                .filteredOn(chunk -> !chunk.at("/choices/0/finish_reason").isNull())
                .filteredOn(chunk -> !chunk.path("choices").isEmpty())
                .singleElement()
                .satisfies(chunk -> {
                    assertThat(chunk.at("/choices/0/delta").toString()).isEqualTo("{}");
                    assertThat(chunk.at("/choices/0/finish_reason").asText()).isEqualTo("length");
                });
    }

    @Test
    void emptyAnswer_stillHasRoleFinishAndDone() {
        assertThat(chunks(rewritten(Client.PLAIN, finish("{}", "stop"), "[DONE]")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "stop,stop",
        "length,length",
        "content_filter,content_filter",
        "max_tokens,length",
        "end_turn,stop",
        "function_call,tool_calls",
        "eos,stop"
    })
    void finishReason_isOneThatClientsKnow(String sent, String told) {
        List<JsonNode> chunks = chunks(rewritten(Client.PLAIN, finish("{\"content\":\"x\"}", sent), "[DONE]"));
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo(told);
    }

    @Test
    void noFinishReason_isStopOnceTheEndMarkCame() {
        ChunkRewriter rewriter = rewriter(Client.PLAIN);
        ByteSink out = new ByteSink(16);
        event(rewriter, delta("{\"content\":\"x\"}"), out);
        assertThat(rewriter.complete()).isFalse();
        event(rewriter, "[DONE]", out);
        assertThat(rewriter.complete()).isTrue();
        rewriter.end(out);
        assertThat(text(out)).contains("\"finish_reason\":\"stop\"").endsWith(DONE);
    }

    @Test
    void noEndMark_isCompleteOnceTheFinishReasonCame() {
        ChunkRewriter rewriter = rewriter(Client.PLAIN);
        event(rewriter, finish("{}", "stop"), new ByteSink(16));
        assertThat(rewriter.complete()).isTrue();
        assertThat(rewriter.done()).isFalse();
    }

    @Test
    void whatFollowsTheEndMark_isNotSent() {
        ChunkRewriter rewriter = rewriter(Client.PLAIN);
        ByteSink out = new ByteSink(16);
        event(rewriter, "[DONE]", out);
        event(rewriter, delta("{\"content\":\"more\"}"), out);
        assertThat(out.length()).isZero();
    }

    @Test
    void unknownFields_arePassedOn() {
        List<JsonNode> chunks = chunks(rewritten(
                Client.PLAIN,
                "{\"id\":\"x\",\"object\":\"y\",\"created\":1,\"model\":\"z\",\"system_fingerprint\":\"fp\",\"choices\":[{"
                        + "\"index\":0,\"delta\":{\"content\":\"a\",\"reasoning_content\":\"hm\"},\"logprobs\":{\"content\":[]},"
                        + "\"finish_reason\":null}]}",
                finish("{}", "stop"),
                "[DONE]"));
        assertThat(chunks.get(0).path("system_fingerprint").asText()).isEqualTo("fp");
        assertThat(chunks.get(1).at("/choices/0/delta").toString())
                .isEqualTo("{\"content\":\"a\",\"reasoning_content\":\"hm\"}");
        assertThat(chunks.get(1).at("/choices/0/logprobs").toString()).isEqualTo("{\"content\":[]}");
    }

    @Test
    void unknownFields_ofEventsThatGiveNothingToSend_standOnceInTheNextChunk() {
        String extra = ",\"system_fingerprint\":\"fp\",\"x\":[1]}";
        String text = rewritten(
                Client.PLAIN,
                "{\"choices\":[]" + extra,
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]" + extra,
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]" + extra,
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]" + extra,
                finish("{}", "stop"),
                "[DONE]");
        assertThat(chunks(text)).hasSize(3);
    }

    @Test
    void contentParts_becomeText() {
        List<JsonNode> chunks = chunks(rewritten(
                Client.PLAIN,
                delta("{\"content\":[{\"type\":\"text\",\"text\":\"Hel\"},{\"type\":\"text\",\"text\":\"lo\"}]}"),
                finish("{}", "stop"),
                "[DONE]"));
        assertThat(content(chunks)).isEqualTo("Hello");
    }

    @Test
    void toolCalls_idTypeAndNameComeInTheFirstDeltaOnly() {
        List<JsonNode> calls = calls(rewritten(
                Client.PLAIN,
                delta("{\"role\":\"assistant\",\"content\":null}"),
                call(
                        "{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                call(
                        "{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\"}}"),
                call("{\"index\":0,\"function\":{\"arguments\":\"\\\":1}\"}}"),
                finish("{}", "tool_calls"),
                "[DONE]"));
        assertThat(calls)
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\"}}",
                        "{\"index\":0,\"function\":{\"arguments\":\"\\\":1}\"}}");
    }

    @Test
    void toolCalls_withoutIndexOrIdOrWithArgumentsAsObject_areMadeWhole() {
        List<JsonNode> calls = calls(rewritten(
                Client.PLAIN,
                call("{\"id\":\"call_a\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}"),
                call("{\"id\":\"call_b\",\"function\":{\"name\":\"g\",\"arguments\":{}}}"),
                call("{\"index\":2,\"function\":{\"name\":\"h\"}}"),
                finish("{}", "odd"),
                "[DONE]"));
        assertThat(calls).extracting(call -> call.path("index").asInt()).containsExactly(0, 1, 2);
        assertThat(calls).extracting(call -> call.path("type").asText()).containsOnly("function");
        assertThat(calls)
                .extracting(call -> call.path("id").asText())
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(calls)
                .extracting(call -> call.at("/function/arguments").asText("none"))
                .containsExactly("{\"a\":1}", "{}", "");
    }

    @Test
    void toolCalls_otherIdUnderTheSameIndex_isAnotherCall() {
        List<JsonNode> calls = calls(rewritten(
                Client.PLAIN,
                call("{\"index\":0,\"id\":\"call_a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
                call("{\"index\":0,\"id\":\"call_b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}"),
                call("{\"index\":0,\"function\":{\"arguments\":\"}\"}}"),
                finish("{}", "tool_calls"),
                "[DONE]"));
        assertThat(calls).extracting(call -> call.path("index").asInt()).containsExactly(0, 1, 1);
        assertThat(calls).extracting(call -> call.path("id").asText()).containsExactly("call_a", "call_b", "");
    }

    @Test
    void toolCalls_withUnknownReason_endInToolCalls() {
        List<JsonNode> chunks = chunks(rewritten(
                Client.PLAIN,
                call("{\"index\":0,\"id\":\"call_a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"),
                finish("{}", "tool_use"),
                "[DONE]"));
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("tool_calls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "42",
                "",
                "{\"error\":{\"message\":\"boom\"}}",
                "{\"choices\":[{\"delta\":{}}],\"error\":\"boom\"}",
                "{\"choices\":[7]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{]}}]}"
            })
    void whatIsNoChunk_isTheProvidersFailure(String event) {
        ChunkRewriter rewriter = rewriter(Client.PLAIN);
        assertThatThrownBy(() -> event(rewriter, event, new ByteSink(16))).isInstanceOf(ProviderFailure.class);
    }

    @Test
    @DisplayName("R13: figures split over events in any order and repeated are merged per field, not summed")
    void usage_inAnyOrderAndRepeated_isMergedPerField() {
        Random random = new Random(13);
        for (int round = 0; round < 500; round++) {
            long prompt = 1L + random.nextInt(1_000_000);
            long completion = 1L + random.nextInt(1_000_000);
            long cached = random.nextInt((int) prompt);
            List<String> parts = new ArrayList<>(List.of(
                    "{\"prompt_tokens\":" + prompt + ",\"total_tokens\":" + random.nextInt(9) + "}",
                    "{\"completion_tokens\":" + completion + "}",
                    "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + random.nextInt((int) completion)
                            + ",\"prompt_tokens_details\":{\"cached_tokens\":" + cached + "}}"));
            for (int i = random.nextInt(4); i > 0; i--) {
                parts.add(parts.get(random.nextInt(parts.size())));
            }
            Collections.shuffle(parts, random);
            Client client = Client.values()[random.nextInt(2)];
            ChunkRewriter rewriter = rewriter(client);
            ByteSink out = new ByteSink(16);
            for (String part : parts) {
                boolean apart = random.nextBoolean();
                event(rewriter, apart ? usage(part) : withUsage("{\"content\":\"x\"}", part), out);
            }
            event(rewriter, finish("{}", "stop"), out);
            event(rewriter, "[DONE]", out);
            rewriter.end(out);

            assertThat(rewriter.usage().promptTokens()).isEqualTo(prompt);
            assertThat(rewriter.usage().completionTokens()).isEqualTo(completion);
            assertThat(rewriter.usage().cachedTokens()).isEqualTo(cached);
            assertThat(rewriter.usage().estimated()).isFalse();
            assertThat(chunks(text(out)))
                    .filteredOn(chunk -> chunk.path("usage").isObject())
                    .singleElement()
                    .satisfies(chunk -> {
                        assertThat(chunk.at("/usage/prompt_tokens").asLong()).isEqualTo(prompt);
                        assertThat(chunk.at("/usage/completion_tokens").asLong())
                                .isEqualTo(completion);
                        assertThat(chunk.at("/usage/total_tokens").asLong()).isEqualTo(prompt + completion);
                    });
        }
    }

    private static String rewritten(Client client, String... events) {
        ChunkRewriter rewriter = rewriter(client);
        ByteSink out = new ByteSink(16);
        for (String event : events) {
            event(rewriter, event, out);
        }
        rewriter.end(out);
        return text(out);
    }

    private static ChunkRewriter rewriter(Client client) {
        ObjectNode request = JSON.createObjectNode();
        request.putArray("messages").addObject().put("role", "user").put("content", "Hello!");
        return new ChunkRewriter(
                new AnswerHead("chatcmpl-1", 7, "assistant"),
                client == Client.ASKS_USAGE,
                client != Client.JAVA,
                new UsageMeter(request));
    }

    private static void event(ChunkRewriter rewriter, String json, ByteSink out) {
        byte[] bytes = ("##" + json + "##").getBytes(StandardCharsets.UTF_8);
        rewriter.event(bytes, 2, bytes.length - 2, out);
    }

    private static String text(ByteSink out) {
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    private static String chunk(String delta, String finishReason, String more) {
        return HEAD + "{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]" + more + "}\n\n";
    }

    private static String delta(String delta) {
        return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}],\"usage\":null}";
    }

    private static String withUsage(String delta, String usage) {
        return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}],\"usage\":" + usage + "}";
    }

    private static String call(String call) {
        return delta("{\"tool_calls\":[" + call + "]}");
    }

    private static String finish(String delta, String reason) {
        return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":\"" + reason + "\"}]}";
    }

    private static String usage(String usage) {
        return "{\"choices\":[],\"usage\":" + usage + "}";
    }

    private static List<JsonNode> chunks(String stream) {
        try {
            List<JsonNode> chunks = new ArrayList<>();
            for (SseReader.Event event : SseReader.parse(stream)) {
                if (!event.done()) {
                    chunks.add(JSON.readTree(event.data().orElseThrow()));
                }
            }
            return chunks;
        } catch (IOException broken) {
            throw new AssertionError(stream, broken);
        }
    }

    private static List<JsonNode> calls(String stream) {
        List<JsonNode> calls = new ArrayList<>();
        chunks(stream).forEach(chunk -> chunk.at("/choices/0/delta/tool_calls").forEach(calls::add));
        return calls;
    }

    private static String content(List<JsonNode> chunks) {
        StringBuilder content = new StringBuilder();
        chunks.forEach(
                chunk -> content.append(chunk.at("/choices/0/delta/content").asText("")));
        return content.toString();
    }
}
