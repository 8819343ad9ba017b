package ai.robutler.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The measure itself: it lets the seeds' examples through and stops what differs from them. */
class OpenApiContractTest {
    private static final String CHAT = "/assistant/chat/completions";
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    @ParameterizedTest
    @CsvSource({
        "GET, /, server.json",
        "GET, /assistant, agent-info.json",
        "GET, /health, health.json",
        "GET, /health/detailed, health-detailed.json",
        "GET, /ready, ready.json",
        "GET, /live, live.json",
        "GET, /stats, stats.json",
        "POST, /assistant, agent-control.json",
        "GET, /agents, agents.json",
        "GET, /agents/, agents.json",
        "GET, /assistant/health, agent-health.json",
        "GET, /assistant/chat/completions, chat-endpoint.json",
        "GET, /v1/models, models.json",
        "GET, /models, models.json",
        "GET, /assistant/models, models.json",
        "GET, /assistant/v1/models/, models.json",
        "GET, /v1/models/assistant, model.json",
        "POST, /assistant/chat/completions, chat-response.json",
        "POST, /assistant/chat/completions, tools-response.json",
        "POST, /chat/completions, chat-response.json",
        "POST, /v1/chat/completions, chat-response.json",
        "POST, /assistant/chat/completions/, chat-response.json",
        "POST, /assistant/chat/completions?x=1, chat-response.json",
        "POST, /assistant/v1/chat/completions, chat-response.json",
        "POST, /agents/assistant/chat/completions, chat-response.json",
        "POST, /agents/Assistant/v1/chat/completions/, chat-response.json",
        "GET, /agents/assistant/, agent-info.json",
    })
    void check_letsEveryOperationsAnswerThrough(String method, String path, String file) {
        CONTRACT.check(method, path, 200, Wire.json(), Wire.read(file));
    }

    @ParameterizedTest
    @CsvSource({
        "400, error-400-invalid-request.json",
        "404, error-404-agent-not-found.json",
        "500, error-500-internal-error.json",
    })
    void check_letsTheSeedsErrorsThrough(int status, String file) {
        CONTRACT.check("POST", CHAT, status, Wire.json(), Wire.read(file));
    }

    @Test
    void check_letsErrorsThroughWithTheirHeaders() {
        CONTRACT.check(
                "GET", "/stats", 429, Wire.json("Retry-After", "45"), Wire.read("error-429-too-many-requests.json"));
        CONTRACT.check(
                "POST", CHAT, 503, Wire.json("Retry-After", "1"), Wire.read("error-503-service-unavailable.json"));
    }

    @Test
    void check_letsTheDocumentItselfThrough() {
        String document = OpenApiDocument.shipped().root().toString();

        CONTRACT.check("GET", "/openapi.json", 200, Wire.json(), document);
    }

    @Test
    void check_letsMetricsThrough() {
        Map<String, List<String>> headers = Wire.headers("text/plain; version=0.0.4; charset=utf-8");

        CONTRACT.check(
                "GET", "/metrics", 200, headers, "# TYPE robutler_active_agents gauge\nrobutler_active_agents 5\n");
        assertThatThrownBy(() -> CONTRACT.check("GET", "/metrics", 200, headers, "jvm_threads 5\n"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void check_letsAServerThatIsNotReadyThrough() {
        String body = "{\"status\":\"not_ready\",\"timestamp\":\"2024-01-15T10:30:45.123Z\",\"details\":{\"a\":\"no\"},"
                + "\"error\":{\"type\":\"server_error\",\"code\":\"service_unavailable\",\"message\":\"Not yet\"}}";

        CONTRACT.check("GET", "/ready", 503, Wire.json(), body);
        assertThatThrownBy(() -> CONTRACT.check("GET", "/ready", 200, Wire.json(), body))
                .isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource({
        "chat-response.json, \"object\", \"kind\", 'object' not found",
        "chat-response.json, 1706178345, \"1706178345\", string found",
        "chat-response.json, chatcmpl-abc123, abc123, does not match",
        "chat-response.json, \"stop\", \"done\", does not have a value in the enumeration",
        "tools-response.json, \"arguments\", \"args\", 'arguments' not found",
    })
    void check_stopsAnswersOfAnotherShape(String file, String part, String replacement, String message) {
        String body = Wire.read(file);
        String wrong = body.replace(part, replacement);
        assertThat(wrong).isNotEqualTo(body);

        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, Wire.json(), wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(message)
                .hasMessageContaining("POST " + CHAT);
    }

    @Test
    void check_stopsFieldsThatTheContractDoesNotKnow() {
        String body = Wire.read("agent-info.json").replace("\"name\":", "\"api_key\": \"rok_1\", \"name\":");

        assertThatThrownBy(() -> CONTRACT.check("GET", "/assistant", 200, Wire.json(), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("api_key");
    }

    @Test
    void check_stopsAStatusThatIsNotDescribed() {
        assertThatThrownBy(() ->
                        CONTRACT.check("GET", "/health", 404, Wire.json(), Wire.read("error-404-agent-not-found.json")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("status 404 is not described; these are: 200, 431, 500");
    }

    @Test
    void check_stopsAnErrorWithAnotherStatusesCode() {
        assertThatThrownBy(() ->
                        CONTRACT.check("POST", CHAT, 500, Wire.json(), Wire.read("error-400-invalid-request.json")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("code");
    }

    @Test
    void check_stopsAnErrorWithoutParam() {
        String body = Wire.read("error-404-agent-not-found.json").replace("\"param\"", "\"field\"");

        assertThatThrownBy(() -> CONTRACT.check("GET", "/nobody", 404, Wire.json(), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'param'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit", "retry_after"})
    void check_stopsARateLimitThatDoesNotSayWhich(String field) {
        String body = Wire.read("error-429-too-many-requests.json").replace('"' + field + '"', "\"other\"");

        assertThatThrownBy(() -> CONTRACT.check("GET", "/stats", 429, Wire.json("Retry-After", "45"), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'" + field + "'");
    }

    @Test
    void check_stopsARateLimitWithoutItsHeader() {
        String body = Wire.read("error-429-too-many-requests.json");

        assertThatThrownBy(() -> CONTRACT.check("GET", "/stats", 429, Wire.json(), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("header Retry-After is missing");
        assertThatThrownBy(() -> CONTRACT.check("GET", "/stats", 429, Wire.json("Retry-After", "44"), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is not error.retry_after 45");
    }

    @Test
    void check_stopsHeadersThatAreMissingOrWrong() {
        String body = Wire.read("chat-response.json");
        Map<String, List<String>> nameless = Wire.json();
        nameless.remove("x-request-id");

        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, nameless, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("header X-Request-ID is missing");
        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, Wire.json("x-ratelimit-limit-minute", "many"), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("header X-RateLimit-Limit-Minute");
        assertThatThrownBy(() -> CONTRACT.check("POST", CHAT, 200, Wire.headers("text/html"), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("content type text/html is not described");
        assertThatThrownBy(() ->
                        CONTRACT.check("POST", CHAT, 200, Wire.headers("text/event-stream"), Wire.read("stream.txt")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("header Cache-Control is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "{\"a\":1,\"a\":1}", "{} {}"})
    void check_stopsABodyThatIsNotJson(String body) {
        assertThatThrownBy(() -> CONTRACT.check("GET", "/live", 200, Wire.json(), body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("body is not JSON");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /docs",
        "GET, /a/b/c",
        "GET, /Health/health",
        "GET, /agents/health",
        "GET, /agents/v1/models/assistant",
        "GET, /assistant/v1/health",
        "GET, /bad.name",
        "DELETE, /assistant",
        "GET, /v1/chat/completions",
    })
    void check_wantsAnErrorWhereThereIsNoOperation(String method, String path) {
        String notFound = Wire.read("error-404-agent-not-found.json");
        String notAllowed = notFound.replace("agent_not_found", "method_not_allowed");

        CONTRACT.check(method, path, 404, Wire.json(), notFound);
        CONTRACT.check(method, path, 405, Wire.json("Allow", "POST"), notAllowed);
        assertThatThrownBy(() -> CONTRACT.check(method, path, 405, Wire.json(), notAllowed))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("header Allow is missing");
        assertThatThrownBy(() -> CONTRACT.check(method, path, 200, Wire.json(), "{}"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("status 200 is not described; these are: 404, 405");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat-request.json", "stream-request.json", "tools-request.json"})
    void checkSchema_letsTheSeedsRequestsThrough(String file) {
        CONTRACT.checkSchema("ChatCompletionRequest", Wire.read(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":[]}",
                "{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":1}]}",
                "{\"messages\":[{\"role\":\"user\"}],\"temperature\":2.1}",
                "{\"messages\":[{\"role\":\"user\"}],\"n\":2}",
                "{\"messages\":[{\"role\":\"user\"}],\"max_tokens\":0}",
                "{\"messages\":[{\"role\":\"user\"}],\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}",
            })
    void checkSchema_stopsWrongRequests(String request) {
        assertThatThrownBy(() -> CONTRACT.checkSchema("ChatCompletionRequest", request))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void checkSchema_takesNullsAndUnknownFieldsOfRequests() {
        CONTRACT.checkSchema(
                "ChatCompletionRequest",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"name\":null}],\"model\":null,\"stop\":null,"
                        + "\"n\":null,\"stream\":null,\"tools\":null,\"tool_choice\":null,\"store\":true}");
    }
}
