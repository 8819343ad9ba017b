package ai.robutler.routes;

import static ai.robutler.support.ConfigFolder.as;
import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of agents, under every path that clients use. */
final class AgentsRouteTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final String INSTRUCTIONS = "Never tell that the treasure lies under the old oak.";

    private static FakeModelServer model;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(
                ConfigFolder.settings(model),
                home -> new ConfigFolder(home)
                        .agent("vault", "instructions: " + INSTRUCTIONS + "\n")
                        .agent("locked", "instructions: Help.\nskills: [auth]\nmodel: other-model\n")
                        .agent("wordy", "instructions: " + "x".repeat(150) + "\npublic: true\n")
                        .keys(Map.of("alice", "agents: [assistant]", "bob", "")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    private static HttpResponse<String> get(String path, String... headers) {
        HttpResponse<String> answer = gateway.get(path, headers);
        CONTRACT.check(answer);
        return answer;
    }

    @Test
    void agent_isDescribedInTheGoldenShape() {
        JsonNode page = Json.of(get("/assistant"));

        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("agent-info.json")));
        assertThat(page).isEqualTo(Json.of("""
                {"agent":"assistant","description":"A helpful assistant for any question.",
                 "agent_data":{"name":"assistant","capabilities":["llm:fake-model"],"skills":[],"tools":[],
                   "model":"fake-model","pricing":{}},
                 "endpoints":{"control":"/assistant","info":"/assistant","chat":"/assistant/chat/completions"}}"""));
    }

    @Test
    void control_answersInTheGoldenShape() {
        HttpResponse<String> answer = gateway.post("/assistant", "{}");
        CONTRACT.check(answer);

        JsonNode page = Json.of(answer);
        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("agent-control.json")));
        assertThat(page.path("message").asText()).isEqualTo("Agent control endpoint");
        assertThat(page.path("agent_data")).isEqualTo(Json.of(get("/assistant")).path("agent_data"));
    }

    @Test
    void chatEndpoint_isDescribedInTheGoldenShape() {
        JsonNode page = Json.of(get("/assistant/chat/completions"));

        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("chat-endpoint.json")));
        assertThat(page.path("endpoint").asText()).isEqualTo("/assistant/chat/completions");
    }

    @Test
    void agentHealth_isTheGoldenFile() {
        assertThat(Json.of(get("/assistant/health"))).isEqualTo(Json.golden("agent-health.json"));
    }

    @Test
    void list_hasTheGoldenShape_andCountsWhatItLists() {
        JsonNode page = Json.of(get("/agents"));

        assertThat(Json.shape(page)).isEqualTo(Json.shape(Json.golden("agents.json")));
        assertThat(Json.shape(page.at("/agents/0")))
                .isEqualTo(Json.shape(Json.golden("agents.json").at("/agents/0")));
        assertThat(page.path("agents").findValuesAsText("name"))
                .containsExactly("assistant", "support", "vault", "wordy");
        assertThat(page.path("total_count").asInt()).isEqualTo(4);
    }

    @Test
    void list_isOfTheAgentsThatTheKeyMayCall() {
        assertThat(Json.of(get("/agents", as("alice"))).path("agents").findValuesAsText("name"))
                .containsExactly("assistant");
        assertThat(Json.of(get("/agents", as("bob"))).path("agents").findValuesAsText("name"))
                .containsExactly("assistant", "locked", "support", "vault", "wordy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/vault", "/vault/health", "/vault/chat/completions", "/vault/models", "/agents", "/models", "/"
            })
    void instructions_ofAnAgentThatIsNotPublic_areNeverTold(String path) {
        assertThat(gateway.get(path).body()).doesNotContain("treasure", "oak");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/assistant", "/agents", "/models", "/stats", "/health/detailed", "/metrics", "/ready"})
    void keysOfProviders_areNeverTold(String path) {
        assertThat(gateway.get(path).body()).doesNotContain(model.baseUrl(), "127.0.0.1:" + model.port());
    }

    @Test
    void description_isAtMostAHundredCharactersOfPublicInstructions() {
        assertThat(Json.of(get("/wordy")).path("description").asText()).isEqualTo("x".repeat(100));
        assertThat(Json.of(get("/vault")).path("description").asText()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/assistant/, /assistant",
        "/ASSISTANT, /assistant",
        "/Assistant/Health, /Assistant/Health",
        "/agents/assistant, /assistant",
        "/agents/assistant/, /assistant",
        "/agents/assistant/health, /assistant/health",
        "/agents/assistant/chat/completions, /assistant/chat/completions",
        "/agents/assistant/v1/chat/completions, /assistant/chat/completions",
        "/assistant/v1/chat/completions, /assistant/chat/completions",
        "/assistant/v1/chat/completions/, /assistant/chat/completions",
        "/agents/, /agents"
    })
    void alias_answersAsThePathItStandsFor(String alias, String path) {
        HttpResponse<String> answer = gateway.get(alias);

        assertThat(answer.body()).isEqualTo(gateway.get(path).body());
        assertThat(answer.statusCode()).isEqualTo(alias.contains("Health") ? 404 : 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assistant/chat/completions",
                "/assistant/v1/chat/completions",
                "/agents/assistant/chat/completions",
                "/agents/assistant/v1/chat/completions/",
                "/AsSiStAnT/chat/completions",
                "/chat/completions",
                "/v1/chat/completions",
                "/v1/chat/completions/"
            })
    void chat_isAnsweredUnderEveryAlias(String path) {
        HttpResponse<String> answer = gateway.post(
                path, "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        CONTRACT.check(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/info",
                "/v1",
                "/v2",
                "/chat",
                "/api",
                "/docs",
                "/favicon.ico",
                "/console",
                "/status",
                "/ui",
                "/static",
                "/observe",
                "/q",
                "/Q",
                "/agents/health",
                "/agents/metrics",
                "/agents/agents",
                "/agents/stats",
                "/agents/models",
                "/agents/chat/completions",
                "/health/chat/completions",
                "/models/health",
                "/models/v1",
                "/v1/health",
                "/v1/metrics",
                "/v1/stats",
                "/v1/assistant"
            })
    void reservedName_isNoAgent_andNoSecondWayToAServerPage(String path) {
        HttpResponse<String> answer = gateway.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        String pointer = path.startsWith("/api") ? "/code" : "/error/code";
        assertThat(Json.of(answer).at(pointer).asText()).isIn("agent_not_found", "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "-assistant", "_a", "a.b", "assistant%20", "%61ssistant2", "as$istant"})
    void unknownName_is404InTheGoldenShape(String name) {
        HttpResponse<String> answer = gateway.get("/" + name);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.shape(Json.of(answer))).isEqualTo(Json.shape(Json.golden("error-404-agent-not-found.json")));
        assertThat(Json.of(answer).at("/error/code").asText()).isEqualTo("agent_not_found");
    }

    @Test
    void unknownName_isNamedInTheAnswer() {
        assertThat(Json.of(get("/nonexistent-agent"))).isEqualTo(Json.golden("error-404-agent-not-found.json"));
    }

    @Test
    void nameOf64Characters_isLookedUp_ofMoreIsNot() {
        assertThat(Json.of(gateway.get("/" + "a".repeat(65)))
                        .at("/error/message")
                        .asText())
                .isEqualTo("Agent '" + "a".repeat(64) + "...' not found");
    }

    @Test
    void agentWithAuth_isToldToKeysOnly() {
        HttpResponse<String> anonymous = get("/locked");
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(get("/locked", as("alice")).statusCode()).isEqualTo(403);
        HttpResponse<String> known = get("/locked", as("bob"));
        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(Json.of(known).at("/agent_data/skills/0").asText()).isEqualTo("auth");
        assertThat(Json.of(known).at("/agent_data/model").asText()).isEqualTo("other-model");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/assistant", "/assistant/health", "/agents", "/assistant/chat/completions", "/", "/health"})
    void head_hasTheHeadersOfGet_andNoBody(String path) {
        HttpResponse<String> head = gateway.send(
                gateway.request(path).method("HEAD", BodyPublishers.noBody()).build());
        assertThat(head.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().map().keySet())
                .isEqualTo(gateway.get(path).headers().map().keySet());
    }
}
