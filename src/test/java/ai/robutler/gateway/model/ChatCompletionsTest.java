package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatCompletionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AnswerHead HEAD = new AnswerHead("chatcmpl-1", 7, "assistant");

    @Test
    void write_putsOurHeadOnTheModelsAnswer() {
        var written = write("""
                {"id":"theirs","object":"x","created":"yesterday","model":"gpt","system_fingerprint":"fp","choices":[
                {"index":3,"message":{"role":"model","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}],
                "usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":99,"prompt_tokens_details":{"cached_tokens":4}}}
                """);
        assertThat(written.body().toString()).isEqualTo(text("""
                {"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"assistant","choices":[
                {"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}],
                "system_fingerprint":"fp",
                "usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":4}}}
                """));
        assertThat(written.usage().cachedTokens()).isEqualTo(4);
        assertThat(written.usage().estimated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "{}"})
    void write_contentThatIsNoText_isEmptyText(String content) {
        assertThat(message("{\"content\":" + content + "}").path("content"))
                .isEqualTo(JSON.getNodeFactory().textNode(""));
    }

    @Test
    void write_contentParts_becomeText() {
        assertThat(message("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\"},{\"text\":\"b\"}]}")
                        .path("content")
                        .asText())
                .isEqualTo("ab");
    }

    @Test
    void write_toolCalls_haveIdTypeAndArgumentsAsText_andContentNull() {
        JsonNode message =
                message("{\"tool_calls\":[{\"id\":\"call_a\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}},"
                        + "{\"function\":{\"name\":\"g\"}}]}");
        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.at("/tool_calls/0"))
                .isEqualTo(
                        json(
                                "{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}"));
        assertThat(message.at("/tool_calls/1/id").asText()).startsWith("call_");
        assertThat(message.at("/tool_calls/1/function/arguments").isTextual()).isTrue();
    }

    @Test
    void write_emptyToolCalls_areLeftOut() {
        assertThat(message("{\"content\":\"x\",\"tool_calls\":[]}").has("tool_calls"))
                .isFalse();
        assertThat(message("{\"content\":\"x\",\"tool_calls\":null}").has("tool_calls"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"\"stop\",stop", "\"max_tokens\",length", "null,stop", "\"weird\",stop", "\"function_call\",tool_calls"
    })
    void write_finishReason_isOneThatClientsKnow(String sent, String told) {
        var written = write("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":" + sent + "}]}");
        assertThat(written.body().at("/choices/0/finish_reason").asText()).isEqualTo(told);
        assertThat(written.finishReason()).isEqualTo(told);
    }

    @Test
    void write_noUsage_isCountedAndMarked() {
        var written = write("{\"choices\":[{\"message\":{\"content\":\"one two three four\"}}]}");
        assertThat(written.usage().estimated()).isTrue();
        assertThat(written.usage().promptTokens()).isPositive();
        assertThat(written.usage().completionTokens()).isBetween(3L, 6L);
        assertThat(written.body().at("/usage/total_tokens").asLong())
                .isEqualTo(written.usage().totalTokens());
    }

    @ParameterizedTest
    @CsvSource({"null,stop", "\"length\",length"})
    void asChunks_isARoleTheContentAndAReason(String sent, String told) {
        String stream =
                asChunks("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":"
                        + sent + "}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}");
        assertThat(stream)
                .contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}")
                .contains("\"delta\":{\"content\":\"Hello\"}")
                .contains("\"finish_reason\":\"" + told + "\"")
                .contains("\"total_tokens\":3")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void asChunks_toolCallsWithoutAReason_endInToolCalls() {
        assertThat(asChunks(
                        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":"
                                + "{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}"))
                .contains("\"tool_calls\":[{\"index\":0,\"id\":\"call_a\"")
                .contains("\"finish_reason\":\"tool_calls\"");
    }

    private static String asChunks(String completion) {
        ChunkRewriter rewriter = new ChunkRewriter(HEAD, false, true, meter());
        ByteSink out = new ByteSink(16);
        ChatCompletions.asChunks(json(completion), rewriter, out);
        assertThat(rewriter.complete()).isTrue();
        rewriter.end(out);
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    private static JsonNode message(String message) {
        return write("{\"choices\":[{\"message\":" + message + "}]}").body().at("/choices/0/message");
    }

    private static ChatCompletions.Written write(String completion) {
        return ChatCompletions.write(json(completion), HEAD, meter());
    }

    private static UsageMeter meter() {
        return new UsageMeter(json("{\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"));
    }

    private static String text(String json) {
        return json(json).toString();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(text, broken);
        }
    }
}
