package ai.robutler.routes;

import static ai.robutler.support.ConfigFolder.as;
import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agents as OpenAI lists models. */
final class ModelsRouteTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    private static FakeModelServer model;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(
                ConfigFolder.settings(model),
                home -> new ConfigFolder(home)
                        .agent("locked", "instructions: Help.\nskills: [auth]\n")
                        .keys(Map.of("alice", "agents: [support]")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/models", "/v1/models/", "/assistant/models", "/assistant/v1/models"})
    void list_isOfTheCallersAgents(String path) {
        HttpResponse<String> answer = gateway.get(path);
        CONTRACT.check(answer);

        JsonNode page = Json.of(answer);
        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("models.json")));
        assertThat(page.path("data").findValuesAsText("id")).containsExactly("assistant", "support");
        page.path("data")
                .forEach(entry -> assertThat(Json.shape(entry)).isEqualTo(Json.shape(Json.golden("model.json"))));
    }

    @Test
    void list_hidesAgentsThatTheKeyMayNotCall() {
        assertThat(Json.of(gateway.get("/v1/models", as("alice"))).path("data").findValuesAsText("id"))
                .containsExactly("support");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/assistant", "/models/assistant", "/v1/models/ASSISTANT/"})
    void model_isAnEntryOfTheList(String path) {
        HttpResponse<String> answer = gateway.get(path);

        assertThat(Json.of(answer)).isEqualTo(Json.of(gateway.get("/v1/models")).at("/data/0"));
        CONTRACT.check("GET", "/v1/models/assistant", 200, answer.headers().map(), answer.body());
    }

    @Test
    void model_thatTheCallerMayNotCall_isRefusedAsTheAgentIs() {
        HttpResponse<String> anonymous = gateway.get("/v1/models/locked");
        CONTRACT.check(anonymous);
        assertThat(anonymous.statusCode()).isEqualTo(401);
        HttpResponse<String> other = gateway.get("/v1/models/locked", as("alice"));
        CONTRACT.check(other);
        assertThat(other.statusCode()).isEqualTo(403);
    }

    @Test
    void model_ofNoAgent_is404() {
        HttpResponse<String> answer = gateway.get("/v1/models/gpt-4o");
        CONTRACT.check(answer);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.of(answer).at("/error/code").asText()).isEqualTo("agent_not_found");
    }
}
