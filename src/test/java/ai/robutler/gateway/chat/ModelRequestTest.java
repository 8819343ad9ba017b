package ai.robutler.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ModelRequestTest {
    private final ChatRequestReader reader = new ChatRequestReader(100, 100);

    @Test
    void of_systemTexts_areOneMessageUnderTheAgentsInstructions() {
        ObjectNode sent = of(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"a\"},"
                        + "{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"Use\"},"
                        + "{\"type\":\"text\",\"text\":\"French.\"}]},{\"role\":\"assistant\",\"content\":\"b\"}]}",
                "\nYou are Ada.\n");
        assertThat(sent.path("messages"))
                .extracting(message -> message.path("role").asText() + ": "
                        + message.path("content").asText())
                .containsExactly("system: You are Ada.\n\nBe brief.\n\nUse\n\nFrench.", "user: a", "assistant: b");
    }

    @Test
    void of_noInstructions_callersSystemTextStandsAlone() {
        ObjectNode sent = of("{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"}]}", " ");
        assertThat(sent.at("/messages/0/content").asText()).isEqualTo("Be brief.");
        assertThat(of("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "")
                        .path("messages"))
                .hasSize(1);
    }

    @Test
    void of_everythingElse_isUntouched() {
        String rest = "\"temperature\":0.7,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"x\":[]}}],"
                + "\"response_format\":{\"type\":\"json_object\"},\"metadata\":{\"a\":null},\"unheard_of\":[1,{\"b\":2}]";
        ObjectNode sent = of(
                "{" + rest
                        + ",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}],\"own\":1}]}",
                "");
        String text = new String(ModelRequest.bytes(sent), StandardCharsets.UTF_8);
        assertThat(text).startsWith("{" + rest).contains("\"own\":1");
        assertThat(sent.path("model").asText()).isEqualTo("upstream");
    }

    @Test
    void of_stream_alwaysAsksForUsageAndKeepsOtherOptions() {
        ObjectNode sent = of(
                "{\"stream\":true,\"stream_options\":{\"include_usage\":false,\"include_obfuscation\":false},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "");
        assertThat(sent.path("stream_options").toString())
                .isEqualTo("{\"include_usage\":true,\"include_obfuscation\":false}");
    }

    @Test
    void of_noStream_hasNoStreamOptions() {
        ObjectNode sent = of(
                "{\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "");
        assertThat(sent.has("stream_options")).isFalse();
    }

    @Test
    void of_leavesTheCallersRequestAsItIs() {
        ChatRequest request =
                read("{\"model\":\"a\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"}],\"stream\":true}");
        String before = request.body().toString();
        ModelRequest.of(request, "You are Ada.", "upstream");
        assertThat(request.body().toString()).isEqualTo(before);
    }

    private ObjectNode of(String json, String instructions) {
        return ModelRequest.of(read(json), instructions, "upstream");
    }

    private ChatRequest read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
