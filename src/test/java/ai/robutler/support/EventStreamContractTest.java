package ai.robutler.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The measure of streams: it lets the seed's example through and stops what a client would trip over. */
class EventStreamContractTest {
    private static final String CHAT = "/assistant/chat/completions";
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream; charset=utf-8", "text/plain; charset=utf-8"})
    void check_letsTheSeedsStreamThrough(String type) {
        CONTRACT.check("POST", CHAT, 200, stream(type), Wire.read("stream.txt"));
    }

    @Test
    void check_letsCommentsAndALateErrorThrough() {
        String error = "{\"error\":{\"type\":\"server_error\",\"code\":\"model_unavailable\",\"message\":\"Gone\","
                + "\"param\":null}}";
        String body = firstEvent() + ": keep-alive\n\nevent: error\ndata: " + error + "\n\ndata: [DONE]\n\n";

        CONTRACT.check("POST", CHAT, 200, stream(), body);
        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, stream(), body.replace("event: error\n", "")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("event 2");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"delta\":{\"content\":\"1\"},', '', 'required property ''delta'' not found'",
        "'\"finish_reason\":\"stop\"', '\"finish_reason\":\"done\"', event 4",
        "'data: [DONE]\n\n', '', last event is not data: [DONE]",
        "'data: [DONE]\n\n', 'data: [DONE]\n', does not end with an empty line",
        "'data: [DONE]\n\n', 'data: [DONE]\n\ndata: [DONE]\n\n', is [DONE] and events follow",
        "'data: [DONE]\n\n', 'data:\n\ndata: [DONE]\n\n', neither",
        "'data: [DONE]\n\n', 'id: 1\ndata: [DONE]\n\n', neither",
        "'data: [DONE]\n\n', 'data: {\n\ndata: [DONE]\n\n', event 5 is not JSON",
        "'data: {\"id\":\"chatcmpl-abc123\"', 'data: {\"id\":\"abc123\"', event 1",
    })
    void check_stopsAStreamOfAnotherShape(String part, String replacement, String message) {
        String body = Wire.read("stream.txt").replace(part, replacement);
        assertThat(body).isNotEqualTo(Wire.read("stream.txt"));

        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, stream(), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(message);
    }

    @Test
    void check_stopsChunksOfDifferentAnswers() {
        String body = Wire.read("stream.txt").replaceFirst("chatcmpl-abc123", "chatcmpl-other");

        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, stream(), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("different values of id");
    }

    @Test
    void check_wantsUsageInAChunkWithoutChoices() {
        String chunk = "{\"id\":\"chatcmpl-a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"a\","
                + "\"choices\":[],\"usage\":null}";
        String usage = chunk.replace("null", "{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}");

        CONTRACT.checkSchema("ChatCompletionChunk", usage);
        assertThatThrownBy(() -> CONTRACT.checkSchema("ChatCompletionChunk", chunk))
                .isInstanceOf(AssertionError.class);
    }

    private static String firstEvent() {
        String stream = Wire.read("stream.txt");
        return stream.substring(0, stream.indexOf("\n\n") + 2);
    }

    private static Map<String, List<String>> stream() {
        return stream("text/event-stream; charset=utf-8");
    }

    private static Map<String, List<String>> stream(String type) {
        return Wire.headers(type, "cache-control", "no-cache", "x-accel-buffering", "no");
    }
}
