package ai.robutler.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LangChain4j's OpenAI module. */
@Tag("conformance")
final class LangChain4jConformanceTest {
    private static Scenarios scenarios;

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
        ChatResponse answer = chat("hello", asking());
        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.modelName()).isEqualTo("hello");
        assertThat(answer.aiMessage().text()).isEqualTo(Scenarios.ANSWER);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(21);
    }

    @Test
    void requestId_isReadable() {
        OpenAiChatResponseMetadata told =
                (OpenAiChatResponseMetadata) chat("hello", asking()).metadata();
        assertThat(told.rawHttpResponse().headers()).containsKey("x-request-id");
    }

    /** It always asks for usage. */
    @Test
    void stream_isReadWithItsUsage() {
        Heard heard = stream("hello", asking());
        assertThat(heard.texts).containsExactly("Hello", "!", " How", " can", " I", " help", " you", " today", "?");
        assertThat(heard.answer().aiMessage().text()).isEqualTo(Scenarios.ANSWER);
        assertThat(heard.answer().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(heard.answer().tokenUsage().totalTokenCount()).isEqualTo(21);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unicode", "length", "odd", "slow"})
    void stream_ofAnUnusualModel_saysWhatTheWholeAnswerSays(String agent) {
        ChatResponse streamed = stream(agent, asking()).answer();
        ChatResponse plain = chat(agent, asking());
        assertThat(streamed.aiMessage().text()).isEqualTo(plain.aiMessage().text());
        assertThat(streamed.finishReason())
                .isEqualTo(plain.finishReason())
                .isEqualTo(agent.equals("length") ? FinishReason.LENGTH : FinishReason.STOP);
    }

    @Test
    void toolCalls_whole_areAnsweredInASecondTurn() {
        answersTools(chat("tools", askingWithTools(asking().messages())));
    }

    @Test
    void toolCalls_streamed_areAnsweredInASecondTurn() {
        answersTools(stream("tools", askingWithTools(asking().messages())).answer());
    }

    @Test
    void status400_isInvalidRequest_once() {
        assertThat(scenarios.trying(() -> chat("refused", asking())).threw(InvalidRequestException.class, 400, 1))
                .hasMessageContaining("invalid_request_error");
    }

    @Test
    void status401_isAuthentication_once() {
        scenarios
                .trying(() -> model("hello").apiKey(Scenarios.WRONG_KEY).build().chat(asking()))
                .threw(AuthenticationException.class, 401, 1);
    }

    @Test
    void status404_isModelNotFound_once() {
        scenarios.trying(() -> chat("nobody", asking())).threw(ModelNotFoundException.class, 404, 1);
    }

    @Test
    void status429_isRateLimit_threeTimes() {
        scenarios.trying(() -> chat("busy", asking())).threw(RateLimitException.class, 429, 3);
    }

    @Test
    void status503_isInternalServer_threeTimes() {
        scenarios.trying(() -> chat("broken", asking())).threw(InternalServerException.class, 503, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "busy", "broken"})
    void statusOfAStream_isTold_once(String agent) {
        var tried = scenarios.trying(() -> stream(agent, asking()).answer());
        assertThat(tried.statuses()).hasSize(1).doesNotContain(200);
        assertThat(tried.failure())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfAny(
                        InvalidRequestException.class, RateLimitException.class, InternalServerException.class);
    }

    /** It does not wait as long as it is told. */
    @Test
    void retryAfter_isTriedAgain() {
        var tried = scenarios.trying(
                () -> assertThat(chat("busy-once", asking()).aiMessage().text()).isEqualTo(Scenarios.ANSWER));
        assertThat(tried.failure()).isNull();
        assertThat(tried.statuses()).containsExactlyInAnyOrder(429, 200);
    }

    @Test
    void hangUp_cancelsTheModelCall() throws Throwable {
        scenarios.hangingUp(() -> {
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            streaming("endless").chat(asking(), new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
                    context.streamingHandle().cancel();
                    cancelled.complete(context.streamingHandle().isCancelled());
                }

                @Override
                public void onCompleteResponse(ChatResponse answer) {
                    cancelled.complete(false);
                }

                @Override
                public void onError(Throwable failure) {
                    cancelled.completeExceptionally(failure);
                }
            });
            assertThat(cancelled.get(10, TimeUnit.SECONDS)).isTrue();
        });
    }

    @Test
    void brokenStream_isAnError_afterItsFirstTexts() {
        Heard heard = stream("cut", asking());
        assertThat(heard.end).failsWithin(Duration.ZERO);
        assertThat(heard.texts).containsExactly("Hello", "!");
        assertThat(heard.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("The model's answer broke off"));
    }

    private static void answersTools(ChatResponse turn) {
        assertThat(turn.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        List<ToolExecutionRequest> calls = turn.aiMessage().toolExecutionRequests();
        assertThat(calls).extracting(ToolExecutionRequest::id).containsExactly("call_paris", "call_oslo");
        assertThat(calls)
                .extracting(call -> call.name() + call.arguments())
                .containsExactly("get_weather{\"city\":\"Paris\"}", "get_weather{\"city\":\"Oslo\"}");
        List<ChatMessage> messages = new ArrayList<>(asking().messages());
        messages.add(turn.aiMessage());
        calls.forEach(call -> messages.add(ToolExecutionResultMessage.from(call, "21")));
        assertThat(chat("tools", askingWithTools(messages)).aiMessage().text()).isEqualTo(Scenarios.AFTER_TOOLS);
    }

    private static ChatRequest asking() {
        return ChatRequest.builder().messages(UserMessage.from("Hello!")).build();
    }

    private static ChatRequest askingWithTools(List<ChatMessage> messages) {
        ToolSpecification tool = ToolSpecification.builder()
                .name("get_weather")
                .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                .build();
        return ChatRequest.builder().messages(messages).toolSpecifications(tool).build();
    }

    private static ChatResponse chat(String agent, ChatRequest request) {
        return model(agent).build().chat(request);
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder model(String agent) {
        return OpenAiChatModel.builder()
                .baseUrl(scenarios.baseUrl())
                .apiKey("sk-any")
                .modelName(agent);
    }

    private static OpenAiStreamingChatModel streaming(String agent) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(scenarios.baseUrl())
                .apiKey("sk-any")
                .modelName(agent)
                .build();
    }

    /** Waits until the stream has ended, well or not. */
    private static Heard stream(String agent, ChatRequest request) {
        Heard heard = new Heard();
        streaming(agent).chat(request, heard);
        assertThat(heard.end.handle((answer, failure) -> true)).succeedsWithin(Duration.ofSeconds(20));
        return heard;
    }

    /** What a stream told. */
    private static final class Heard implements StreamingChatResponseHandler {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final List<Throwable> failures = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        ChatResponse answer() {
            return end.join();
        }

        @Override
        public void onPartialResponse(String text) {
            texts.add(text);
        }

        @Override
        public void onCompleteResponse(ChatResponse answer) {
            end.complete(answer);
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
            end.completeExceptionally(failure);
        }
    }
}
