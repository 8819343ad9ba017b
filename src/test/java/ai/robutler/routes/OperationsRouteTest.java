package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators and probes ask. */
final class OperationsRouteTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final String MILLISECONDS = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z";

    private static FakeModelServer model;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(model);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    private static JsonNode page(String path) {
        HttpResponse<String> answer = gateway.get(path);
        CONTRACT.check(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.of(answer);
    }

    @Test
    void server_saysWhatItIs() {
        JsonNode page = page("/");

        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("server.json")));
        assertThat(page.path("endpoints")).isEqualTo(Json.golden("server.json").path("endpoints"));
        assertThat(page.path("message").asText()).isEqualTo("Robutler V2 Server");
        assertThat(page.path("agents")).extracting(JsonNode::asText).containsExactly("assistant", "support");
    }

    @Test
    void health_hasTheGoldenShape() {
        JsonNode page = page("/health");

        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("health.json")));
        assertThat(page.path("timestamp").asText()).matches(MILLISECONDS);
        assertThat(page.path("agents_count").asInt()).isEqualTo(2);
    }

    @Test
    void detailedHealth_tellsOfEachAgent_andOfEachBreaker() {
        gateway.chat("Hello!");

        JsonNode page = page("/health/detailed");

        JsonNode golden = Json.golden("health-detailed.json");
        assertThat(page.fieldNames()).toIterable().containsExactlyElementsOf(golden::fieldNames);
        assertThat(Json.shape(page.at("/agents/assistant"))).isEqualTo(Json.shape(golden.at("/agents/assistant")));
        assertThat(page.path("circuit_breakers"))
                .isNotEmpty()
                .allSatisfy(breaker ->
                        assertThat(breaker).isEqualTo(Json.of("{\"state\":\"closed\",\"failure_rate\":0.0}")));
    }

    @Test
    void ready_namesEachAgent() {
        JsonNode page = page("/ready");

        assertThat(page.path("status").asText()).isEqualTo("ready");
        assertThat(page.path("timestamp").asText()).matches(MILLISECONDS);
        assertThat(page.path("details"))
                .isEqualTo(
                        Json.of("{\"assistant\":\"ready\",\"support\":\"ready\",\"dynamic_agent_factory\":\"ready\"}"));
    }

    @Test
    void live_hasTheGoldenShape() {
        assertThat(Json.shape(page("/live"))).isEqualTo(Json.shape(Json.golden("live.json")));
    }

    @Test
    void stats_haveAllOfTheGoldenShape() {
        assertThat(Json.shape(page("/stats"))).containsAll(Json.shape(Json.golden("stats.json")));
    }

    @Test
    void metrics_arePrometheusText() {
        HttpResponse<String> answer = gateway.get("/metrics");
        CONTRACT.check(answer);

        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).contains("# TYPE robutler_server_info gauge");
    }

    @Test
    void openApi_isTheDocumentThatTheTestsCheckAgainst() {
        JsonNode page = page("/openapi.json");

        assertThat(page.path("openapi").asText()).startsWith("3.1");
        assertThat(page.path("paths").fieldNames()).toIterable().contains("/{agent}/chat/completions", "/ready");
    }
}
