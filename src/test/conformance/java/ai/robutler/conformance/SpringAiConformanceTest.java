package ai.robutler.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** Spring AI's OpenAI module. */
@Tag("conformance")
final class SpringAiConformanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static Scenarios scenarios;

    /** Arguments of the tool. */
    record Place(String city) {}

    @BeforeAll
    static void start() {
        scenarios = new Scenarios();
    }

    @AfterAll
    static void stop() {
        scenarios.close();
    }

    @Test
    void chat_isReadWhole() {
        ChatResponse answer = chat("hello");
        assertThat(answer.getMetadata().getId()).startsWith("chatcmpl-");
        assertThat(answer.getMetadata().getModel()).isEqualTo("hello");
        assertThat(text(answer)).isEqualTo(Scenarios.ANSWER);
        assertThat(reason(answer)).isEqualTo("STOP");
        assertThat(answer.getMetadata().getUsage().getTotalTokens()).isEqualTo(21);
    }

    @Test
    void requestId_isReadable() {
        var answer = api("sk-any")
                .chatCompletionEntity(new OpenAiApi.ChatCompletionRequest(
                        List.of(new OpenAiApi.ChatCompletionMessage(
                                "Hello!", OpenAiApi.ChatCompletionMessage.Role.USER)),
                        "hello",
                        0.5,
                        false));
        assertThat(answer.getHeaders().getFirst("x-request-id")).startsWith("req_");
    }

    @ParameterizedTest
    @CsvSource({"true, 21", "false, 21"})
    void stream_isRead(boolean includeUsage, int totalTokens) {
        OpenAiChatOptions options = options("hello").streamUsage(includeUsage).build();
        List<ChatResponse> parts = stream("hello", options);
        assertThat(text(parts)).isEqualTo(Scenarios.ANSWER);
        assertThat(reasons(parts)).containsExactly("STOP");
        assertThat(parts)
                .extracting(part -> part.getMetadata().getUsage().getTotalTokens())
                .contains(totalTokens);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unicode", "length", "odd", "slow"})
    void stream_ofAnUnusualModel_saysWhatTheWholeAnswerSays(String agent) {
        List<ChatResponse> streamed = stream(agent);
        ChatResponse plain = chat(agent);
        assertThat(text(streamed)).isEqualTo(text(plain));
        assertThat(reasons(streamed))
                .containsExactly(reason(plain))
                .containsExactly(agent.equals("length") ? "LENGTH" : "STOP");
    }

    /** It runs the tools and sends the second turn by itself. */
    @Test
    void toolCalls_whole_areAnsweredInASecondTurn() {
        List<String> cities = new ArrayList<>();
        var options = options("tools").toolCallbacks(weather(cities)).build();
        ChatResponse answer = model("tools", "sk-any").call(new Prompt("Hello!", options));
        assertThat(text(answer)).isEqualTo(Scenarios.AFTER_TOOLS);
        assertThat(cities).containsExactly("Paris", "Oslo");
    }

    @Test
    void toolCalls_streamed_areAnsweredInASecondTurn() {
        List<String> cities = new ArrayList<>();
        var options = options("tools").toolCallbacks(weather(cities)).build();
        assertThat(text(stream("tools", options))).isEqualTo(Scenarios.AFTER_TOOLS);
        assertThat(cities).containsExactly("Paris", "Oslo");
    }

    @Test
    void status400_isNonTransient_once() {
        assertThat(scenarios.trying(() -> chat("refused")).threw(NonTransientAiException.class, 400, 1))
                .hasMessageContaining("invalid_request_error");
    }

    @Test
    void status401_isNonTransient_once() {
        scenarios
                .trying(() -> model("hello", Scenarios.WRONG_KEY).call(new Prompt("Hello!")))
                .threw(NonTransientAiException.class, 401, 1);
    }

    @Test
    void status404_isNonTransient_once() {
        scenarios.trying(() -> chat("nobody")).threw(NonTransientAiException.class, 404, 1);
    }

    /** It takes every 4xx for final. */
    @Test
    void status429_isNonTransient_once() {
        scenarios.trying(() -> chat("busy")).threw(NonTransientAiException.class, 429, 1);
    }

    /** As often as its retry template says, here three times. */
    @Test
    void status503_isTransient_threeTimes() {
        scenarios.trying(() -> chat("broken")).threw(TransientAiException.class, 503, 3);
    }

    @ParameterizedTest
    @CsvSource({"refused, 400", "busy, 429", "broken, 503"})
    void statusOfAStream_isTold_once(String agent, int status) {
        assertThat(scenarios
                        .trying(() -> stream(agent))
                        .threw(WebClientResponseException.class, status, 1)
                        .getStatusCode()
                        .value())
                .isEqualTo(status);
    }

    @Test
    void hangUp_cancelsTheModelCall() throws Throwable {
        scenarios.hangingUp(() -> assertThat(model("endless", "sk-any").stream(new Prompt("Hello!"))
                        .take(5)
                        .collectList()
                        .block(PATIENCE))
                .hasSize(5));
    }

    /** It ignores the error event; that no reason to finish comes is all that tells. */
    @Test
    void brokenStream_hasNoFinishReason() {
        List<ChatResponse> parts = stream("cut");
        assertThat(text(parts)).isEqualTo("Hello!");
        assertThat(reasons(parts)).isEmpty();
    }

    private static ToolCallback weather(List<String> cities) {
        return FunctionToolCallback.builder("get_weather", (Place place) -> {
                    cities.add(place.city());
                    return Map.of("degrees", 21);
                })
                .inputType(Place.class)
                .build();
    }

    private static ChatResponse chat(String agent) {
        return model(agent, "sk-any").call(new Prompt("Hello!"));
    }

    private static List<ChatResponse> stream(String agent) {
        return stream(agent, options(agent).build());
    }

    private static List<ChatResponse> stream(String agent, OpenAiChatOptions options) {
        List<ChatResponse> parts = model(agent, "sk-any").stream(new Prompt("Hello!", options))
                .collectList()
                .block(PATIENCE);
        return parts == null ? List.of() : parts;
    }

    private static OpenAiChatOptions.Builder options(String agent) {
        return OpenAiChatOptions.builder().model(agent);
    }

    private static OpenAiChatModel model(String agent, String key) {
        RetryTemplate threeTimes = RetryTemplate.builder()
                .maxAttempts(3)
                .retryOn(TransientAiException.class)
                .fixedBackoff(10)
                .build();
        return OpenAiChatModel.builder()
                .openAiApi(api(key))
                .defaultOptions(options(agent).build())
                .retryTemplate(threeTimes)
                .build();
    }

    private static OpenAiApi api(String key) {
        return OpenAiApi.builder().baseUrl(scenarios.root()).apiKey(key).build();
    }

    private static String text(ChatResponse answer) {
        String text = answer.getResult().getOutput().getText();
        return text == null ? "" : text;
    }

    private static String text(List<ChatResponse> parts) {
        StringBuilder text = new StringBuilder();
        parts.stream().filter(part -> part.getResult() != null).forEach(part -> text.append(text(part)));
        return text.toString();
    }

    private static String reason(ChatResponse answer) {
        return answer.getResult().getMetadata().getFinishReason();
    }

    private static List<String> reasons(List<ChatResponse> parts) {
        return parts.stream()
                .filter(part -> part.getResult() != null)
                .map(SpringAiConformanceTest::reason)
                .filter(reason -> reason != null && !reason.isEmpty())
                .toList();
    }
}
