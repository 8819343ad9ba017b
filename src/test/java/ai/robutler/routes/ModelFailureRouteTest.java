package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.CapturedLog;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers see when models refuse, break or are slow. */
final class ModelFailureRouteTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PATH = "/assistant/chat/completions";
    private static final Behaviour BROKEN = Behaviour.DEFAULT.withStatus(500);
    private static final FakeModelServer MODEL = new FakeModelServer();
    private static final FakeModelServer SPARE = new FakeModelServer();
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = start(Map.of("gateway.model.breaker.minimum-calls", "100000"));
    }

    private static RunningGateway start(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "gateway.model.retry-delay-ms",
                "5",
                "gateway.request-timeout",
                "400ms",
                "gateway.model.idle-timeout",
                "10s",
                "gateway.model.breaker.window-calls",
                "100000"));
        settings.putAll(more);
        return RunningGateway.start(settings, home -> {
            Files.writeString(home.resolve("config/models.yaml"), """
                    providers:
                      - name: main
                        base_url: %s
                        api_key_file: %s
                        models: [main-model]
                        default_model: main-model
                      - name: spare
                        base_url: %s
                        models: [spare-model]
                    aliases:
                      quick: spare/spare-model
                    """.formatted(
                            MODEL.baseUrl(), Files.writeString(home.resolve("key"), "sk-canary"), SPARE.baseUrl()));
            Files.writeString(
                    home.resolve("config/agents/careful.yaml"), "instructions: x\nfallback_models: [spare-model]\n");
            Files.writeString(home.resolve("config/agents/quick.yaml"), "instructions: x\nmodel: quick\n");
        });
    }

    @AfterAll
    static void stop() {
        gateway.close();
        MODEL.close();
        SPARE.close();
    }

    @AfterEach
    void forget() {
        MODEL.awaitIdle(LONG);
        MODEL.reset();
        SPARE.reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failingProvider_isAskedThreeTimes(boolean stream) {
        MODEL.behave(BROKEN);
        HttpResponse<String> answer = chat("assistant", stream);
        assertError(answer, 503, "model_unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(MODEL.requests()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failingTwice_isAnswered(boolean stream) {
        MODEL.next(BROKEN, Behaviour.DEFAULT.withCutBeforeHeaders());
        assertThat(chat("assistant", stream).statusCode()).isEqualTo(200);
        assertThat(MODEL.requests()).isEqualTo(3);
    }

    @Test
    void answerOfAMegabyte_isGivenWhole() {
        String text = "word ".repeat(200_000).strip();
        MODEL.next(
                Behaviour.DEFAULT.withBody("{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                        + "\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}"));
        HttpResponse<String> answer = chat("assistant", false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.of(answer).at("/choices/0/message/content").asText()).isEqualTo(text);
    }

    @Test
    @DisplayName("R25: never a second try after content was sent")
    void failureAfterBytes_isNotTriedAgain() {
        MODEL.next(Behaviour.DEFAULT.withErrorAfter(2));
        assertThat(chat("careful", true).body()).contains("event: error");
        assertThat(MODEL.requests()).isEqualTo(1);
        assertThat(SPARE.requests()).isZero();
    }

    @Test
    void fallbackModel_answersForOneThatFails() {
        MODEL.behave(BROKEN);
        assertThat(chat("careful", false).statusCode()).isEqualTo(200);
        assertThat(MODEL.requests()).isEqualTo(3);
        assertThat(SPARE.lastRequest().model()).isEqualTo("spare-model");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429})
    void fallbackModel_answersAtOnceForOneThatRefusesUs(int status) {
        MODEL.behave(Behaviour.DEFAULT.withStatus(status));
        assertThat(chat("careful", true).statusCode()).isEqualTo(200);
        assertThat(MODEL.requests()).isEqualTo(1);
        assertThat(SPARE.requests()).isEqualTo(1);
    }

    @Test
    void alias_namesProviderAndModel() {
        assertThat(chat("quick", false).statusCode()).isEqualTo(200);
        assertThat(SPARE.lastRequest().model()).isEqualTo("spare-model");
        assertThat(SPARE.lastRequest().header("Authorization")).isEmpty();
        assertThat(MODEL.requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "401,502,upstream_auth_error",
        "403,502,upstream_auth_error",
        "429,429,upstream_rate_limited",
        "400,400,invalid_request",
        "404,400,invalid_request",
        "422,400,invalid_request",
        "500,503,model_unavailable",
        "529,503,model_unavailable"
    })
    void modelsStatus_becomesOurs(int status, int told, String code) {
        MODEL.behave(Behaviour.DEFAULT.withStatus(status).withHeader("Retry-After", "7"));
        HttpResponse<String> answer = chat("assistant", true);
        assertError(answer, told, code);
        if (told == 429) {
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
        }
        if (told == 400) {
            assertThat(answer.body()).contains("Upstream says " + status);
            assertThat(MODEL.requests()).isEqualTo(1);
        }
    }

    @Test
    void tooLongConversation_hasItsOwnCode() {
        MODEL.behave(Behaviour.DEFAULT
                .withStatus(400)
                .withBody("{\"error\":{\"message\":\"too long\",\"code\":\"context_length_exceeded\"}}"));
        assertError(chat("assistant", false), 400, "context_length_exceeded");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void slowModel_isATimeoutAndNotTriedAgain(boolean stream) {
        MODEL.behave(Behaviour.DEFAULT.withHang());
        assertError(chat("assistant", stream), 408, "request_timeout");
        assertThat(MODEL.requests()).isEqualTo(1);
        MODEL.awaitAborted(1, LONG);
    }

    @Test
    void providersKey_goesToTheProviderOnly() {
        try (CapturedLog log = new CapturedLog()) {
            for (Behaviour behaviour : new Behaviour[] {
                BROKEN, Behaviour.DEFAULT.withStatus(401), Behaviour.DEFAULT.withCutAfter(0), Behaviour.DEFAULT
            }) {
                MODEL.behave(behaviour);
                HttpResponse<String> answer = chat("assistant", true);
                assertThat(answer.body()).doesNotContain("canary");
                assertThat(answer.headers().map().toString()).doesNotContain("canary");
            }
            assertThat(MODEL.lastRequest().header("Authorization")).hasValue("Bearer sk-canary");
            assertThat(gateway.get("/health/detailed").body()
                            + gateway.get("/metrics").body())
                    .doesNotContain("canary");
            assertThat(log.with("model call failed")).isNotEmpty();
            assertThat(log.with("canary")).isEmpty();
        }
    }

    @Test
    void breaker_opensForItsProviderOnly_andClosesAgain() {
        Map<String, String> settings = Map.of(
                "gateway.model.breaker.minimum-calls", "4",
                "gateway.model.breaker.window-calls", "4",
                "gateway.model.breaker.open-seconds", "1",
                "gateway.model.breaker.trial-calls", "1",
                "gateway.model.retries", "0");
        try (RunningGateway own = start(settings)) {
            MODEL.behave(Behaviour.DEFAULT.withStatus(400));
            for (int i = 0; i < 6; i++) {
                assertThat(chat(own, "assistant", false).statusCode()).isEqualTo(400);
            }
            MODEL.reset();
            MODEL.behave(Behaviour.DEFAULT.withErrorAfter(2));
            for (int i = 0; i < 4; i++) {
                chat(own, "assistant", true);
            }
            RunningGateway.await("the breaker is open", () -> own.get("/ready").statusCode() == 503);
            int asked = MODEL.requests();
            MODEL.behave(Behaviour.DEFAULT);
            HttpResponse<String> refused = chat(own, "assistant", true);
            if (refused.statusCode() == 503) {
                assertError(refused, 503, "model_unavailable");
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(MODEL.requests()).isEqualTo(asked);
            }
            assertThat(own.get("/health/detailed").body()).contains("\"model:main\":{\"state\":");
            assertThat(chat(own, "quick", false).statusCode()).isEqualTo(200);
            assertThat(chat(own, "careful", false).statusCode()).isEqualTo(200);
            RunningGateway.await(
                    "the provider is asked again",
                    () -> chat(own, "assistant", false).statusCode() == 200);
            RunningGateway.await("the server is ready", () -> own.get("/ready").statusCode() == 200);
        }
    }

    @Test
    @DisplayName("R8: slots are free again after every kind of end")
    void slots_areFreeAgainAfterEveryKindOfEnd() throws Exception {
        Map<String, String> settings = Map.of(
                "gateway.max-concurrent-requests", "3",
                "gateway.max-concurrent-requests-per-agent", "2",
                "gateway.request-timeout", "20s",
                "gateway.model.breaker.minimum-calls", "100000",
                "gateway.model.retries", "0");
        Behaviour[] ends = {
            Behaviour.DEFAULT, BROKEN, Behaviour.DEFAULT.withErrorAfter(2), Behaviour.DEFAULT.withCutBeforeHeaders()
        };
        try (RunningGateway own = start(settings)) {
            for (int i = 0; i < 1_000; i++) {
                MODEL.behave(ends[i % ends.length]);
                chat(own, "assistant", i % 3 == 0);
            }
            MODEL.awaitIdle(LONG);
            MODEL.reset();
            MODEL.behave(Behaviour.DEFAULT.withHang());
            SPARE.behave(Behaviour.DEFAULT.withHang());
            List<RawHttp> callers = new ArrayList<>(List.of(hold(own, "assistant"), hold(own, "assistant")));
            MODEL.awaitRequests(2, LONG);
            HttpResponse<String> full = chat(own, "assistant", true);
            assertError(full, 503, "service_unavailable");
            assertThat(full.headers().firstValue("Retry-After")).isPresent();
            callers.add(hold(own, "quick"));
            SPARE.awaitRequests(1, LONG);
            assertError(chat(own, "support", false), 503, "service_unavailable");
            for (RawHttp caller : callers) {
                caller.close();
            }
            MODEL.awaitAborted(2, LONG);
            SPARE.awaitAborted(1, LONG);
            MODEL.behave(Behaviour.DEFAULT);
            RunningGateway.await(
                    "the slots are free", () -> chat(own, "assistant", true).statusCode() == 200);
        }
    }

    private static RawHttp hold(RunningGateway own, String agent) throws Exception {
        RawHttp caller = new RawHttp(own.port());
        String json = RunningGateway.message("Hello!", true);
        caller.send("POST /" + agent + "/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Length: " + json.length()
                + "\r\n\r\n" + json);
        return caller;
    }

    private static void assertError(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        CONTRACT.check(answer);
    }

    private static HttpResponse<String> chat(String agent, boolean stream) {
        return chat(gateway, agent, stream);
    }

    private static HttpResponse<String> chat(RunningGateway own, String agent, boolean stream) {
        return own.post(PATH.replace("assistant", agent), RunningGateway.message("Hello!", stream));
    }
}
