package ai.robutler.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.support.Wire;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRequestReaderTest {
    private static final String HELLO = "{\"role\":\"user\",\"content\":\"Hello!\"}";

    private final ChatRequestReader reader = new ChatRequestReader(100, 5);

    @ParameterizedTest
    @ValueSource(strings = {"chat-request.json", "stream-request.json", "tools-request.json"})
    void read_theSeedsRequests_areTaken(String file) {
        ChatRequest request = read(Wire.read(file));
        assertThat(request.model()).contains("assistant");
        assertThat(request.stream()).isEqualTo(file.startsWith("stream"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "messages | \"x\"",
                "messages | []",
                "messages | null",
                "temperature | -0.1",
                "temperature | 2.1",
                "temperature | \"1\"",
                "temperature | 1e999",
                "top_p | 1.5",
                "frequency_penalty | -2.5",
                "presence_penalty | 3",
                "max_tokens | 0",
                "max_tokens | 1.5",
                "max_tokens | 99999999999999999999999",
                "max_completion_tokens | -1",
                "seed | 1.5",
                "stream | \"true\"",
                "stream | 1",
                "logprobs | 3",
                "parallel_tool_calls | \"no\"",
                "model | 4",
                "user | {}",
                "reasoning_effort | 2",
                "response_format | \"json\"",
                "stream_options | true",
                "tool_choice | 1",
                "n | 2",
                "n | 0",
                "n | 1.0",
                "n | 4294967297",
                "stop | 5",
                "stop | []",
                "stop | [1]",
                "stop | [\"a\",\"b\",\"c\",\"d\",\"e\"]",
                "tools | {}"
            })
    void read_fieldThatIsNotAsItMustBe_isNamed(String field, String value) {
        String messages = field.equals("messages") ? "" : ",\"messages\":[" + HELLO + "]";
        assertRefused("{\"" + field + "\":" + value + messages + "}", field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hello\" | messages[1]",
                "{\"content\":\"x\"} | messages[1].role",
                "{\"role\":\"robot\",\"content\":\"x\"} | messages[1].role",
                "{\"role\":5,\"content\":\"x\"} | messages[1].role",
                "{\"role\":\"user\"} | messages[1].content",
                "{\"role\":\"user\",\"content\":null} | messages[1].content",
                "{\"role\":\"user\",\"content\":7} | messages[1].content",
                "{\"role\":\"user\",\"content\":[\"x\"]} | messages[1].content[0].type",
                "{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]} | messages[1].content[0].type",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]} | messages[1].content[0].text",
                "{\"role\":\"user\",\"content\":\"x\",\"name\":4} | messages[1].name",
                "{\"role\":\"tool\",\"content\":\"x\"} | messages[1].tool_call_id",
                "{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":4} | messages[1].tool_call_id",
                "{\"role\":\"assistant\",\"tool_calls\":{}} | messages[1].tool_calls",
                "{\"role\":\"assistant\",\"tool_calls\":[{}]} | messages[1].tool_calls[0].id",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\"}]} | messages[1].tool_calls[0].function.name"
            })
    void read_messageThatIsNotAsItMustBe_isNamed(String message, String param) {
        assertRefused("{\"messages\":[" + HELLO + "," + message + "]}", param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[4] | tools[0].type",
                "[{\"type\":\"function\"}] | tools[0].function.name",
                "[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{}] | tools[1].type"
            })
    void read_toolThatIsNotAsItMustBe_isNamed(String tools, String param) {
        assertRefused("{\"messages\":[" + HELLO + "],\"tools\":" + tools + "}", param);
    }

    @Test
    void read_moreMessagesThanAllowed_isRefused() {
        assertRefused("{\"messages\":[" + (HELLO + ",").repeat(5) + HELLO + "]}", "messages");
    }

    @Test
    void read_assistantWithCallsAndToolAnswers_areTaken() {
        assertThat(read("{\"messages\":[" + HELLO
                                + ",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                                + "{\"role\":\"tool\",\"tool_call_id\":\"call_a\",\"content\":\"sunny\"},"
                                + "{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}")
                        .messages())
                .hasSize(4);
    }

    @Test
    void read_explicitNulls_countAsAbsent() {
        ChatRequest request = read("{\"messages\":[" + HELLO + "],\"model\":null,\"stream\":null,\"temperature\":null,"
                + "\"max_tokens\":null,\"n\":null,\"stop\":null,\"tools\":null,\"stream_options\":null,\"own\":null}");
        assertThat(request.model()).isEmpty();
        assertThat(request.stream()).isFalse();
        assertThat(request.body().properties()).hasSize(1);
    }

    @Test
    void read_unknownFieldsAndNumbers_areKeptAsSent() {
        ChatRequest request = read(
                "{\"messages\":[" + HELLO + "],\"temperature\":0.70,\"x\":{\"y\":[1,100.0,1e2,12345678901234567890]}}");
        assertThat(ModelRequest.bytes(request.body()))
                .asString(StandardCharsets.UTF_8)
                .contains("\"temperature\":0.70")
                .contains("[1,100.0,1E+2,12345678901234567890]");
    }

    @Test
    void read_includeUsage_isSeen() {
        String options = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        assertThat(read("{\"messages\":[" + HELLO + "]," + options + "}").includeUsage())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"messages\":[]} trailing",
                "{\"a\":1,\"a\":2}",
                "{'a':1}",
                "{\"a\":NaN}"
            })
    void read_whatIsNoJsonObject_isInvalidJson(String body) {
        assertThatThrownBy(() -> read(body))
                .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
                .returns(ErrorCode.INVALID_JSON, ApiException::code);
    }

    @Test
    void read_notUtf8_isInvalidJson() {
        byte[] latin = "{\"messages\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> reader.read(latin)).hasMessage("The request body is not UTF-8");
    }

    @Test
    void read_deeperThanAllowed_isInvalidJson() {
        String deep = "{\"messages\":[" + HELLO + "],\"x\":" + "[".repeat(200) + "]".repeat(200) + "}";
        assertThatThrownBy(() -> read(deep))
                .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
                .returns(ErrorCode.INVALID_JSON, ApiException::code);
    }

    @Test
    void read_brokenJson_isToldWithItsPlaceAndNotItsText() {
        assertThatThrownBy(() -> read("{\"secret\": sk-canary}"))
                .hasMessageContaining("line 1, column")
                .hasMessageNotContaining("canary");
    }

    private ChatRequest read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(String json, String param) {
        assertThatThrownBy(() -> read(json))
                .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
                .returns(ErrorCode.INVALID_REQUEST, ApiException::code)
                .returns(param, ApiException::param);
    }
}
