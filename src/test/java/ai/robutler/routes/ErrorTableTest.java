package ai.robutler.routes;

import static ai.robutler.support.ConfigFolder.as;
import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the error table that needs no money: status, type, code, headers. */
final class ErrorTableTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String BROKEN_ROUTE = """
            - route:
                id: broken
                routeConfigurationId: api-errors
                from:
                  uri: platform-http
                  parameters:
                    path: /broken/route
                    httpMethodRestrict: GET
                  steps:
                    - to:
                        uri: kamelet:caller-identity-action
                    - to:
                        uri: kamelet:rate-limit-action
                    - throwException:
                        exceptionType: java.lang.IllegalStateException
                        message: "jdbc:sqlite:/home/robutler/secret.db"
            """;

    private static FakeModelServer model;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(
                ConfigFolder.settings(model, "gateway.model.retries", "0", "gateway.max-body-bytes", "20000"),
                home -> new ConfigFolder(home)
                        .write("routes/broken.camel.yaml", BROKEN_ROUTE)
                        .agent("locked", "instructions: Help.\nskills: [auth]\n")
                        .keys(Map.of("alice", "agents: [assistant]")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    @AfterEach
    void forget() {
        model.reset();
    }

    /** Checks the whole body's shape, and that {@code detail} is the message. */
    private static JsonNode error(HttpResponse<String> answer, int status, String type, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
        JsonNode body = Json.of(answer);
        JsonNode error = body.path("error");
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.has("param")).isTrue();
        assertThat(body.path("detail")).isEqualTo(error.path("message"));
        assertThat(answer.body()).doesNotContainPattern("Exception|at org\\.|at ai\\.|jdbc:|/home");
        return error;
    }

    private static JsonNode described(HttpResponse<String> answer, int status, String type, String code) {
        CONTRACT.check(answer);
        return error(answer, status, type, code);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return String.join(" and ", answer.headers().allValues(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"text\"", "{\"a\":1}{}", "{\"a\":1,\"a\":2}"})
    void bodyThatIsNoJsonObject_is400InvalidJson(String body) {
        described(gateway.post("/assistant/chat/completions", body), 400, "invalid_request_error", "invalid_json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                           | messages
            {"messages":[]}                                              | messages
            {"messages":[{"role":"user","content":"a"},{"role":"boss"}]} | messages[1].role
            """)
    void wrongField_is400AndNamesIt(String body, String param) {
        JsonNode error = described(
                gateway.post("/assistant/chat/completions", body), 400, "invalid_request_error", "invalid_request");

        assertThat(error.path("param").asText()).isEqualTo(param);
    }

    @Test
    void conversationThatIsTooLongForTheModel_is400ContextLengthExceeded() {
        model.next(Behaviour.DEFAULT
                .withStatus(400)
                .withBody("{\"error\":{\"message\":\"Too long\",\"code\":\"context_length_exceeded\"}}"));

        JsonNode error = described(gateway.chat("Hello!"), 400, "invalid_request_error", "context_length_exceeded");

        assertThat(error.path("message").asText()).isEqualTo("Too long");
    }

    @Test
    void whatTheModelRefuses_is400WithItsMessage() {
        model.next(Behaviour.DEFAULT
                .withStatus(422)
                .withBody("{\"error\":{\"message\":\"No such tool\",\"param\":\"tools[0]\"}}"));

        JsonNode error = described(gateway.chat("Hello!"), 400, "invalid_request_error", "invalid_request");

        assertThat(error.path("message").asText()).isEqualTo("No such tool");
        assertThat(error.path("param").asText()).isEqualTo("tools[0]");
    }

    @Test
    void agentThatWantsAKey_is401MissingApiKey() {
        HttpResponse<String> answer = gateway.post("/locked/chat/completions", RunningGateway.message("Hi", false));

        described(answer, 401, "authentication_error", "missing_api_key");
        assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer");
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization, Bearer rok_wrong",
        "Authorization, Basic YWxpY2U6c2VjcmV0",
        "X-API-Key, rok_wrong",
        "X-API-Key, sk-anything"
    })
    void wrongKey_is401InvalidApiKey_alsoWhereNoneIsNeeded(String name, String value) {
        HttpResponse<String> answer = gateway.chat("Hello!", name, value);

        described(answer, 401, "authentication_error", "invalid_api_key");
        assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.body()).doesNotContain(value);
    }

    @Test
    void keyWithoutTheRight_is403() {
        described(
                gateway.post("/locked/chat/completions", RunningGateway.message("Hi", false), as("alice")),
                403,
                "permission_error",
                "access_denied");
    }

    @Test
    void noSuchAgent_is404AgentNotFound() {
        described(
                gateway.post("/nobody/chat/completions", RunningGateway.message("Hi", false)),
                404,
                "invalid_request_error",
                "agent_not_found");
        described(
                gateway.post(
                        "/v1/chat/completions",
                        "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"),
                404,
                "invalid_request_error",
                "agent_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assistant/nothing", "/a/b/c/d", "/health/nothing"})
    void noSuchPath_is404InJson(String path) {
        HttpResponse<String> answer = gateway.get(path);

        error(answer, 404, "invalid_request_error", "not_found");
        assertThat(answer.headers().firstValue("Allow")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /, 'GET, HEAD'",
        "DELETE, /health, 'GET, HEAD'",
        "POST, /health/detailed, 'GET, HEAD'",
        "PUT, /ready, 'GET, HEAD'",
        "POST, /live, 'GET, HEAD'",
        "PATCH, /stats, 'GET, HEAD'",
        "POST, /metrics, 'GET, HEAD'",
        "POST, /openapi.json, 'GET, HEAD'",
        "POST, /agents, 'GET, HEAD'",
        "POST, /models, 'GET, HEAD'",
        "POST, /v1/models, 'GET, HEAD'",
        "POST, /v1/models/assistant, 'GET, HEAD'",
        "GET, /chat/completions, POST",
        "PUT, /v1/chat/completions, POST",
        "DELETE, /assistant, 'GET, HEAD, POST'",
        "OPTIONS, /assistant, 'GET, HEAD, POST'",
        "PURGE, /assistant, 'GET, HEAD, POST'",
        "POST, /assistant/health, 'GET, HEAD'",
        "POST, /assistant/models, 'GET, HEAD'",
        "DELETE, /assistant/chat/completions, 'GET, HEAD, POST'",
        "PUT, /agents/assistant/v1/chat/completions, 'GET, HEAD, POST'"
    })
    void methodThatAPathDoesNotTake_is405WithAllow(String method, String path, String allow) {
        HttpResponse<String> answer = gateway.send(gateway.request(path)
                .method(method, BodyPublishers.ofString("{}"))
                .build());

        error(answer, 405, "invalid_request_error", "method_not_allowed");
        assertThat(header(answer, "Allow")).isEqualTo(allow);
    }

    @Test
    void requestHeaderAllow_doesNotMakeA405() {
        error(gateway.get("/assistant/nothing", "Allow", "BREW"), 404, "invalid_request_error", "not_found");
    }

    @Test
    void modelThatDoesNotAnswerInTime_is408_andOwnBodyToo_andFullServerIs503() throws IOException {
        try (RunningGateway small = RunningGateway.start(
                model,
                "gateway.request-timeout",
                "300ms",
                "gateway.body-timeout",
                "300ms",
                "gateway.max-concurrent-requests",
                "1")) {
            model.next(Behaviour.DEFAULT.withHang());
            described(small.chat("Hello!"), 408, "timeout_error", "request_timeout");

            RawHttp.Response slow = RawHttp.exchange(
                            small.port(),
                            "POST /assistant/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{",
                            PATIENCE)
                    .responses()
                    .get(0);
            assertThat(slow.status()).isEqualTo(408);
            assertThat(Json.of(slow.body()).at("/error/code").asText()).isEqualTo("request_timeout");
        }
        try (RunningGateway full =
                RunningGateway.start(model, "gateway.max-concurrent-requests", "1", "gateway.shutdown-timeout", "1s")) {
            model.next(Behaviour.DEFAULT.withHang());
            var first = full.client()
                    .sendAsync(
                            full.request("/assistant/chat/completions")
                                    .POST(BodyPublishers.ofString(RunningGateway.message("Hi", false)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            model.awaitRequests(2, PATIENCE);

            HttpResponse<String> answer = full.chat("Hello!");

            described(answer, 503, "server_error", "service_unavailable");
            assertThat(header(answer, "Retry-After")).isEqualTo("1");
            first.cancel(true);
        }
    }

    @Test
    void bodyOverTheLimit_is413_toldBeforeItIsSent() throws IOException {
        described(gateway.chat("x".repeat(30_000)), 413, "invalid_request_error", "request_too_large");

        RawHttp.Answers declared = RawHttp.exchange(
                gateway.port(),
                "POST /assistant/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
                PATIENCE);
        assertThat(declared.statuses()).containsExactly(413);
        assertThat(declared.ending()).isNotEqualTo(RawHttp.Ending.OPEN);
    }

    @Test
    void chunkedBodyOverTheLimit_is413() throws IOException {
        RawHttp.Answers answers = RawHttp.exchange(
                gateway.port(),
                "POST /assistant/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "7530\r\n" + "x".repeat(30_000) + "\r\n0\r\n\r\n",
                PATIENCE);

        assertThat(answers.statuses()).containsExactly(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "text/html"})
    void otherType_is415(String type) {
        HttpResponse<String> answer = gateway.send(gateway.request("/assistant/chat/completions", "Content-Type", type)
                .POST(BodyPublishers.ofString(RunningGateway.message("Hi", false)))
                .build());

        described(answer, 415, "invalid_request_error", "unsupported_media_type");
    }

    @Test
    void headersOverTheLimit_are431_andTheConnectionIsClosed() throws IOException {
        RawHttp.Answers answers = RawHttp.exchange(
                gateway.port(),
                "GET /assistant HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n",
                PATIENCE);

        RawHttp.Response answer = answers.responses().get(0);
        CONTRACT.check("GET", "/assistant", answer.status(), answer.headers(), answer.body());
        assertThat(answer.status()).isEqualTo(431);
        assertThat(Json.of(answer.body()).at("/error/code").asText()).isEqualTo("request_too_large");
        assertThat(answers.ending()).isNotEqualTo(RawHttp.Ending.OPEN);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "120, 120"})
    void limitOfTheProvider_is429UpstreamRateLimited_withItsRetryAfter(String sent, String told) {
        model.behave(Behaviour.DEFAULT.withStatus(429).withHeader("Retry-After", sent));

        HttpResponse<String> answer = gateway.chat("Hello!");

        JsonNode error = described(answer, 429, "rate_limit_exceeded", "upstream_rate_limited");
        assertThat(header(answer, "Retry-After")).isEqualTo(told);
        assertThat(error.path("retry_after").asText()).isEqualTo(told);
    }

    @Test
    void routeThatThrows_is500WhichTellsNothing() {
        HttpResponse<String> answer = gateway.get("/broken/route");

        error(answer, 500, "server_error", "internal_error");
        assertThat(Json.of(answer)).isEqualTo(Json.golden("error-500-internal-error.json"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void providerThatRefusesOurKey_is502_never401(int status) {
        model.behave(Behaviour.DEFAULT.withStatus(status));

        HttpResponse<String> answer = gateway.chat("Hello!");

        described(answer, 502, "server_error", "upstream_auth_error");
        assertThat(header(answer, "WWW-Authenticate")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 529})
    void providerThatFails_is503ModelUnavailable_withRetryAfter(int status) {
        model.behave(Behaviour.DEFAULT.withStatus(status));

        HttpResponse<String> answer = gateway.chat("Hello!");

        described(answer, 503, "server_error", "model_unavailable");
        assertThat(Integer.parseInt(header(answer, "Retry-After"))).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0123456789abcdef", "A-b_c.9"})
    void wellFormedRequestId_isEchoed_onErrorsToo(String id) {
        for (String path : new String[] {"/health", "/assistant", "/nobody", "/assistant/x", "/broken/route"}) {
            assertThat(header(gateway.get(path, "X-Request-ID", id), "X-Request-ID"))
                    .isEqualTo(id);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "<script>", "a/b", "\u00fc", "129"})
    void malformedRequestId_isReplaced(String id) {
        String sent = id.equals("129") ? "a".repeat(129) : id;

        assertThat(header(gateway.get("/nobody", "X-Request-ID", sent), "X-Request-ID"))
                .matches("req_[0-9a-f]{24}");
    }

    @Test
    void requestIdOf128Characters_isEchoed() {
        String id = "a".repeat(128);

        assertThat(header(gateway.get("/health", "X-Request-ID", id), "X-Request-ID"))
                .isEqualTo(id);
    }

    @Test
    void malformedHttp_is400_withItsOwnRequestId_andClosed() throws IOException {
        RawHttp.Answers answers = RawHttp.exchange(
                gateway.port(),
                "POST /assistant HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                PATIENCE);

        RawHttp.Response answer = answers.responses().get(0);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("X-Request-ID").orElse("")).matches("req_[0-9a-f]{24}");
        assertThat(Json.of(answer.body()).at("/error/code").asText()).isEqualTo("invalid_request");
        assertThat(answers.ending()).isNotEqualTo(RawHttp.Ending.OPEN);
    }
}
