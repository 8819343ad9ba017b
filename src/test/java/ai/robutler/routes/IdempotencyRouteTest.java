package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R24: the same key and body is one request")
final class IdempotencyRouteTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String KEY = "Idempotency-Key";
    private static final FakeModelServer MODEL = new FakeModelServer();
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                MODEL,
                "gateway.idempotency.max-bytes",
                "20000",
                "gateway.trusted-proxies",
                "127.0.0.1",
                "gateway.model.retries",
                "0");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        MODEL.close();
    }

    @AfterEach
    void forget() {
        MODEL.awaitIdle(LONG);
        MODEL.reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sameKeyAndBody_isTheFirstAnswerAgain(boolean stream) {
        HttpResponse<String> first = chat("Hello!", stream, "same-" + stream);
        HttpResponse<String> again = chat("Hello!", stream, "same-" + stream);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Content-Type"))
                .isEqualTo(first.headers().firstValue("Content-Type"));
        assertThat(MODEL.requests()).isEqualTo(1);
        CONTRACT.check(again);
    }

    @Test
    void otherBody_isAConflictThatClientsDoNotRepeat() {
        chat("Hello!", false, "other");
        HttpResponse<String> conflict = chat("Goodbye!", false, "other");
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.body()).contains("\"idempotency_conflict\"");
        assertThat(conflict.headers().firstValue("x-should-retry")).hasValue("false");
        CONTRACT.check(conflict);
    }

    @Test
    void stillRunning_isToldWithATime() throws Exception {
        MODEL.next(Behaviour.DEFAULT.withHang());
        String json = RunningGateway.message("Hello!", false);
        try (RawHttp first = new RawHttp(gateway.port())) {
            first.send("POST /assistant/chat/completions HTTP/1.1\r\nHost: test\r\nIdempotency-Key: run\r\n"
                    + "Content-Length: " + json.length() + "\r\n\r\n" + json);
            MODEL.awaitRequests(1, LONG);
            HttpResponse<String> busy = chat("Hello!", false, "run");
            assertThat(busy.statusCode()).isEqualTo(409);
            assertThat(busy.body()).contains("\"idempotency_in_progress\"");
            assertThat(busy.headers().firstValue("Retry-After")).isPresent();
            CONTRACT.check(busy);
        }
        RunningGateway.await(
                "the key is free again", () -> chat("Hello!", false, "run").statusCode() == 200);
        assertThat(MODEL.requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failedAnswer_isNotKept(boolean midway) {
        MODEL.next(midway ? Behaviour.DEFAULT.withErrorAfter(2) : Behaviour.DEFAULT.withStatus(500));
        String key = "failed-" + midway;
        chat("Hello!", true, key);
        RunningGateway.await("the key is free again", () -> {
            HttpResponse<String> again = chat("Hello!", true, key);
            return again.statusCode() == 200 && !again.body().contains("event: error");
        });
        assertThat(MODEL.requests()).isEqualTo(2);
    }

    @Test
    void otherCallersKey_isAnotherKey() {
        chat("Hello!", false, "mine");
        HttpResponse<String> other = gateway.chat("Goodbye!", KEY, "mine", "X-Forwarded-For", "203.0.113.9");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(MODEL.requests()).isEqualTo(2);
    }

    @Test
    void keyOver255Characters_isRefused() {
        assertThat(chat("Hello!", false, "k".repeat(255)).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = chat("Hello!", false, "k".repeat(256));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("\"param\":\"Idempotency-Key\"");
    }

    @Test
    void noKey_isAskedEachTime() {
        gateway.chat("Hello!");
        gateway.chat("Hello!");
        assertThat(MODEL.requests()).isEqualTo(2);
    }

    @Test
    void answersThatDoNotFit_areNotKept() {
        MODEL.behave(Behaviour.DEFAULT.withContentOf(50_000));
        chat("Hello!", false, "large");
        RunningGateway.await("the answer is forgotten", () -> {
            chat("Hello!", false, "large");
            return MODEL.requests() >= 2;
        });
    }

    private static HttpResponse<String> chat(String text, boolean stream, String key) {
        return stream ? gateway.stream(text, KEY, key) : gateway.chat(text, KEY, key);
    }
}
