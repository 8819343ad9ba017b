package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Meters and figures after a known traffic. */
final class ObservabilityTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    private static FakeModelServer model;
    private static RunningGateway gateway;
    private static String metrics;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(
                ConfigFolder.settings(model, "gateway.model.retries", "0"),
                home -> new ConfigFolder(home)
                        .keys(Map.of("once", ""))
                        .limits("rules:\n  - {for: user:once, minute: 1}\n"));
        gateway.chat("Hello!");
        gateway.chat("Hello!");
        gateway.stream("Hello!");
        gateway.get("/nobody");
        gateway.get("/a/b/c/d");
        gateway.get("/agents", ConfigFolder.as("once"));
        gateway.get("/agents", ConfigFolder.as("once"));
        model.next(Behaviour.DEFAULT.withStatus(400));
        gateway.chat("Hello!");
        RunningGateway.await("three answers are recorded", () -> {
            metrics = gateway.get("/metrics").body();
            return metrics.contains("robutler_tokens_used_total{agent_name=\"assistant\",model=\"fake-model\"} 63.0");
        });
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "robutler_http_requests_total{agent_name=\"assistant\",method=\"POST\",path=\"/{agent}/chat/completions\",status_code=\"200\"} 3",
                "robutler_http_requests_total{agent_name=\"assistant\",method=\"POST\",path=\"/{agent}/chat/completions\",status_code=\"400\"} 1",
                "robutler_http_requests_total{agent_name=\"\",method=\"GET\",path=\"/{agent}\",status_code=\"404\"} 1",
                "robutler_http_requests_total{agent_name=\"\",method=\"GET\",path=\"/*\",status_code=\"404\"} 1",
                "robutler_http_request_duration_seconds_bucket{agent_name=\"assistant\",method=\"POST\",path=\"/{agent}/chat/completions\",le=",
                "robutler_http_request_duration_seconds_count{agent_name=\"assistant\",method=\"POST\",path=\"/{agent}/chat/completions\"} 4",
                "robutler_http_requests_in_progress{method=\"POST\",path=\"/{agent}/chat/completions\"} 0",
                "robutler_agent_requests_total{agent_name=\"assistant\",stream=\"false\"} ",
                "robutler_agent_requests_total{agent_name=\"assistant\",stream=\"true\"} 1",
                "robutler_agent_request_duration_seconds_bucket{agent_name=\"assistant\",stream=\"true\",le=",
                "robutler_agent_errors_total{agent_name=\"assistant\",error_type=\"invalid_request\"} 1",
                "robutler_active_agents 2",
                "robutler_dynamic_agents_cache_size 0",
                "robutler_rate_limit_exceeded_total{client_type=\"user\",limit_type=\"requests_per_minute\"} 1",
                "robutler_time_to_first_token_seconds_bucket{agent_name=\"assistant\",model=\"fake-model\",le=",
                "robutler_gateway_overhead_seconds_bucket{le=",
                "robutler_circuit_breaker_state{name=\"",
                "robutler_server_info{version=\"2.0.0\"} 1"
            })
    void meter_hasThisNameTheseLabelsAndThisValue(String line) {
        assertThat(metrics.lines()).anyMatch(shown -> shown.startsWith(line));
    }

    @Test
    void labels_neverNameUsersKeysOrRawPaths() {
        assertThat(metrics).doesNotContain("once", "nobody", "/a/b/c/d", "127.0.0.1", "user_id");
    }

    @Test
    void stats_countWhatWasAsked() {
        JsonNode before = performance();
        for (int i = 0; i < 5; i++) {
            gateway.get("/health");
        }

        JsonNode after = performance();

        assertThat(after.path("total_requests").asLong()
                        - before.path("total_requests").asLong())
                .isEqualTo(6);
        assertThat(after.path("requests_last_minute").asLong())
                .isBetween(6L, after.path("total_requests").asLong());
        assertThat(after.path("active_requests").asLong()).isEqualTo(1);
        assertThat(after.path("average_response_time_ms").asDouble()).isPositive();
        assertThat(after.path("error_rate").asDouble()).isBetween(0.0, 0.5);
        JsonNode info = Json.of(gateway.get("/stats")).path("server_info");
        assertThat(info.path("request_timeout").asDouble()).isEqualTo(300.0);
        assertThat(info.path("static_agents").asInt()).isEqualTo(2);
    }

    private static JsonNode performance() {
        return Json.of(gateway.get("/stats")).path("performance");
    }

    @Test
    @DisplayName("R19: each answer tells the gateway's own time, and a histogram sums it up")
    void overhead_isInAHeaderAndAHistogram() {
        double answers = count("robutler_gateway_overhead_seconds_count");

        HttpResponse<String> answer = gateway.chat("Hello!");

        assertThat(Double.parseDouble(
                        answer.headers().firstValue("X-Gateway-Overhead-Ms").orElseThrow()))
                .isNotNegative();
        RunningGateway.await(
                "one more in the histogram", () -> count("robutler_gateway_overhead_seconds_count") > answers);
        assertThat(gateway.stream("Hello!").headers().firstValue("X-Gateway-Overhead-Ms"))
                .isPresent();
    }

    private static double count(String series) {
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    @Test
    @DisplayName("R20: a model provider that is down is 503 with Retry-After, never 401 or 404")
    void providerThatIsDown_is503() {
        FakeModelServer gone = new FakeModelServer();
        try (RunningGateway own = RunningGateway.start(
                gone,
                "gateway.model.retries",
                "0",
                "gateway.model.breaker.minimum-calls",
                "3",
                "gateway.model.breaker.open-seconds",
                "60")) {
            gone.close();
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer = i % 2 == 0 ? own.chat("Hello!") : own.stream("Hello!");
                CONTRACT.check(answer);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(Json.of(answer).at("/error/code").asText()).isEqualTo("model_unavailable");
                assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0))
                        .isPositive();
            }

            HttpResponse<String> ready = own.get("/ready");
            CONTRACT.check(ready);
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(own.get("/health/detailed").body()).contains("\"state\":\"open\"");
            assertThat(own.get("/metrics").body())
                    .containsPattern("robutler_circuit_breaker_state\\{name=\"[^\"]+\"} 1");
            assertThat(own.get("/assistant").statusCode()).isEqualTo(200);
        }
    }
}
