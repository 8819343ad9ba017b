package ai.robutler.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's Java library. */
@Tag("conformance")
final class OpenAiJavaConformanceTest {
    private static Scenarios scenarios;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        scenarios = new Scenarios();
        client = client("sk-any");
    }

    @AfterAll
    static void stop() {
        client.close();
        scenarios.close();
    }

    @Test
    void chat_isReadWhole() {
        ChatCompletion answer = client.chat().completions().create(asking("hello"));
        answer.validate();
        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.model()).isEqualTo("hello");
        assertThat(text(answer)).isEqualTo(Scenarios.ANSWER);
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(21);
    }

    @Test
    void chat_atTheAgentsOwnAddress_isReadWhole() {
        OpenAIClient own = client("sk-any", scenarios.root() + "/hello/v1");
        assertThat(text(own.chat().completions().create(asking("gpt-4o-mini")))).isEqualTo(Scenarios.ANSWER);
        own.close();
    }

    @Test
    void requestId_isReadable() {
        try (var answer = client.chat().completions().withRawResponse().create(asking("hello"))) {
            assertThat(answer.requestId())
                    .hasValueSatisfying(id -> assertThat(id).startsWith("req_"));
            assertThat(text(answer.parse())).isEqualTo(Scenarios.ANSWER);
        }
    }

    @Test
    void models_areListed() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .contains("hello", "tools");
        assertThat(client.models().retrieve("hello").id()).isEqualTo("hello");
    }

    @Test
    void stream_withoutIncludeUsage_hasNone() {
        List<ChatCompletionChunk> chunks = stream(asking("hello"));
        assertThat(text(whole(chunks))).isEqualTo(Scenarios.ANSWER);
        assertThat(chunks)
                .extracting(ChatCompletionChunk::id)
                .containsOnly(chunks.get(0).id());
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.choices()).hasSize(1);
            assertThat(chunk.usage()).isEmpty();
        });
    }

    @Test
    void stream_withIncludeUsage_hasItLast() {
        ChatCompletionCreateParams params = asking("hello").toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        List<ChatCompletionChunk> chunks = stream(params);
        ChatCompletionChunk last = chunks.get(chunks.size() - 1);
        assertThat(last.choices()).isEmpty();
        assertThat(last.usage().orElseThrow().totalTokens()).isEqualTo(21);
        assertThat(whole(chunks).usage().orElseThrow().promptTokens()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unicode", "silent", "length", "odd", "slow"})
    void stream_ofAnUnusualModel_saysWhatTheWholeAnswerSays(String agent) {
        ChatCompletion streamed = whole(stream(asking(agent)));
        ChatCompletion plain = client.chat().completions().create(asking(agent));
        assertThat(text(streamed)).isEqualTo(text(plain));
        assertThat(streamed.choices().get(0).finishReason())
                .isEqualTo(plain.choices().get(0).finishReason())
                .isEqualTo(agent.equals("length") ? FinishReason.LENGTH : FinishReason.STOP);
    }

    @Test
    void streamOfASlowModel_holdsTheCommentsThatAllClientsMustPassOver() {
        assertThat(scenarios.wire("slow")).contains("\n\n: keep-alive\n\ndata: ");
    }

    @Test
    void toolCalls_whole_areAnsweredInASecondTurn() {
        answersTools(client.chat().completions().create(askingWithTools()));
    }

    @Test
    void toolCalls_streamed_areAnsweredInASecondTurn() {
        answersTools(whole(stream(askingWithTools())));
    }

    @Test
    void status400_isBadRequest_once() {
        BadRequestException failure = scenarios
                .trying(() -> client.chat().completions().create(asking("refused")))
                .threw(BadRequestException.class, 400, 1);
        assertThat(failure.code()).contains("invalid_request");
        assertThat(failure.type()).contains("invalid_request_error");
        assertThat(failure.headers().values("x-request-id")).hasSize(1);
    }

    @Test
    void status401_isUnauthorized_once() {
        OpenAIClient stranger = client(Scenarios.WRONG_KEY);
        UnauthorizedException failure = scenarios
                .trying(() -> stranger.chat().completions().create(asking("hello")))
                .threw(UnauthorizedException.class, 401, 1);
        assertThat(failure.code()).contains("invalid_api_key");
        stranger.close();
    }

    @Test
    void status404_isNotFound_once() {
        NotFoundException failure = scenarios
                .trying(() -> client.chat().completions().create(asking("nobody")))
                .threw(NotFoundException.class, 404, 1);
        assertThat(failure.code()).contains("agent_not_found");
        assertThat(failure.param()).isEmpty();
    }

    @Test
    void status429_isRateLimit_threeTimes() {
        RateLimitException failure = scenarios
                .trying(() -> client.chat().completions().create(asking("busy")))
                .threw(RateLimitException.class, 429, 3);
        assertThat(failure.code()).contains("upstream_rate_limited");
        assertThat(scenarios.lastPause("busy")).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void status503_isInternalServer_threeTimes() {
        InternalServerException failure = scenarios
                .trying(() -> client.chat().completions().create(asking("broken")))
                .threw(InternalServerException.class, 503, 3);
        assertThat(failure.statusCode()).isEqualTo(503);
        assertThat(failure.code()).contains("model_unavailable");
    }

    @Test
    void statusOfAStream_isARealStatus() {
        scenarios.trying(() -> stream(asking("refused"))).threw(BadRequestException.class, 400, 1);
    }

    @Test
    void retryAfter_isWaitedFor() {
        var tried = scenarios.trying(
                () -> assertThat(text(client.chat().completions().create(asking("busy-once"))))
                        .isEqualTo(Scenarios.ANSWER));
        assertThat(tried.failure()).isNull();
        assertThat(tried.statuses()).containsExactlyInAnyOrder(429, 200);
        assertThat(scenarios.lastPause("busy-once")).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void hangUp_cancelsTheModelCall() throws Throwable {
        scenarios.hangingUp(() -> {
            try (var answer = client.chat().completions().createStreaming(asking("endless"))) {
                assertThat(answer.stream().limit(5)).hasSize(5);
            }
        });
    }

    @Test
    void brokenStream_isAnSseException_afterItsFirstTexts() {
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        var tried = scenarios.trying(() -> {
            try (var answer = client.chat().completions().createStreaming(asking("cut"))) {
                answer.stream().forEach(chunks::add);
            }
        });
        SseException failure = tried.threw(SseException.class, 200, 1);
        assertThat(failure.code()).contains("model_unavailable");
        assertThat(chunks).hasSize(3);
    }

    private static void answersTools(ChatCompletion turn) {
        assertThat(turn.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        ChatCompletionMessage message = turn.choices().get(0).message();
        List<ChatCompletionMessageFunctionToolCall> calls = message.toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .toList();
        assertThat(calls).extracting(call -> call.id()).containsExactly("call_paris", "call_oslo");
        assertThat(calls)
                .extracting(call -> call.function().name() + call.function().arguments())
                .containsExactly("get_weather{\"city\":\"Paris\"}", "get_weather{\"city\":\"Oslo\"}");
        ChatCompletionCreateParams.Builder next = askingWithTools().toBuilder().addMessage(message);
        calls.forEach(call -> next.addMessage(ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content("21")
                .build()));
        assertThat(text(client.chat().completions().create(next.build()))).isEqualTo(Scenarios.AFTER_TOOLS);
    }

    private static List<ChatCompletionChunk> stream(ChatCompletionCreateParams params) {
        try (var answer = client.chat().completions().createStreaming(params)) {
            return answer.stream().peek(ChatCompletionChunk::validate).toList();
        }
    }

    private static ChatCompletion whole(List<ChatCompletionChunk> chunks) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        chunks.forEach(accumulator::accumulate);
        return accumulator.chatCompletion();
    }

    private static String text(ChatCompletion answer) {
        return answer.choices().get(0).message().content().orElse("");
    }

    private static ChatCompletionCreateParams asking(String agent) {
        return ChatCompletionCreateParams.builder()
                .model(agent)
                .addUserMessage("Hello!")
                .build();
    }

    private static ChatCompletionCreateParams askingWithTools() {
        Map<String, Object> properties = Map.of("city", Map.of("type", "string"));
        return asking("tools").toBuilder()
                .addFunctionTool(FunctionDefinition.builder()
                        .name("get_weather")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty("properties", JsonValue.from(properties))
                                .build())
                        .build())
                .build();
    }

    private static OpenAIClient client(String key) {
        return client(key, scenarios.baseUrl());
    }

    private static OpenAIClient client(String key, String baseUrl) {
        return OpenAIOkHttpClient.builder().apiKey(key).baseUrl(baseUrl).build();
    }
}
