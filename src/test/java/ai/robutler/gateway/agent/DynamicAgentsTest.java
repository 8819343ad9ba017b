package ai.robutler.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents of the portal's in the same process, and who may call them. */
final class DynamicAgentsTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final RunningPortal portal = RunningPortal.shared(Store.SQLITE);
    private final String name = "dynamic-" + NUMBER.incrementAndGet();
    private String owner;
    private String stranger;

    @BeforeEach
    void makeUsers() {
        owner = portal.newUserKey();
        stranger = portal.newUserKey();
    }

    private JsonNode create(String more) {
        return portal.ok(
                owner, "POST", "/api/agents", "{\"name\":\"" + name + "\",\"instructions\":\"Be kind.\"" + more + "}");
    }

    private HttpResponse<String> chat(String key) {
        return portal.call(key, "POST", "/" + name + "/chat/completions", RunningGateway.message("hi", false));
    }

    private String lastInstructions() {
        return portal.model().lastRequest().body().at("/messages/0/content").asText();
    }

    @Test
    void created_answersAtItsAddress_evenWhereItWasAskedForBefore() {
        assertThat(chat("").statusCode()).isEqualTo(404);

        create(",\"isPublic\":true");

        assertThat(chat("").statusCode()).isEqualTo(200);
        assertThat(lastInstructions()).isEqualTo("Be kind.");
    }

    @Test
    void changed_answersSoAtOnce() {
        String id = create(",\"isPublic\":true").path("id").asText();
        chat("");

        portal.ok(owner, "PATCH", "/api/agents/" + id, "{\"instructions\":\"Be brief.\"}");
        chat("");

        assertThat(lastInstructions()).isEqualTo("Be brief.");
    }

    @Test
    void deleted_is404AtOnce() {
        String id = create(",\"isPublic\":true").path("id").asText();
        chat("");

        portal.ok(owner, "DELETE", "/api/agents/" + id, "");

        assertThat(chat("").statusCode()).isEqualTo(404);
    }

    @Test
    void renamed_answersAtItsNewAddressOnly() {
        String id = create(",\"isPublic\":true").path("id").asText();
        chat("");

        portal.ok(owner, "PATCH", "/api/agents/" + id, "{\"name\":\"" + name + "-new\"}");

        assertThat(chat("").statusCode()).isEqualTo(404);
        assertThat(portal.gateway().get("/" + name + "-new/health").statusCode())
                .isEqualTo(200);
    }

    @Test
    void streamed_likeAnyOther() {
        create(",\"isPublic\":true");

        HttpResponse<String> answer =
                portal.gateway().post("/" + name + "/chat/completions", RunningGateway.message("hi", true));

        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void private_answersItsOwner_andAdmins() {
        create("");

        assertThat(chat(owner).statusCode()).isEqualTo(200);
        assertThat(chat(portal.adminKey()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/health", "/chat/completions", "/models"})
    void private_isForOthersAsIfItWereNot(String page) {
        create("");
        chat(owner);

        for (String key : new String[] {"", stranger}) {
            HttpResponse<String> hidden = portal.call(key, "GET", "/" + name + page, "");
            HttpResponse<String> unknown = portal.call(key, "GET", "/no-" + name + page, "");

            assertThat(hidden.statusCode()).isEqualTo(404);
            assertThat(hidden.body()).isEqualTo(unknown.body().replace("no-" + name, name));
        }
        assertThat(chat(stranger).statusCode()).isEqualTo(404);
        assertThat(portal.call(stranger, "GET", "/v1/models/" + name, "").statusCode())
                .isEqualTo(404);
        assertThat(portal.gateway().get("/agents").body()).doesNotContain(name);
    }

    @Test
    void skillAuth_wantsAKey() {
        create(",\"isPublic\":true,\"skills\":{\"auth\":{}}");

        HttpResponse<String> refused = chat("");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(Json.of(refused).at("/error/code").asText()).isEqualTo("missing_api_key");
        assertThat(chat(stranger).statusCode()).isEqualTo(200);
    }

    @Test
    void agentThatDoesNotTalkToOthers_refusesTheirKeys_butNotItsOwnersOthers() {
        create(",\"isPublic\":true,\"otherAgentsCanTalk\":false");
        String other = portal.ok(
                        stranger, "POST", "/api/agents", "{\"name\":\"other-" + name + "\",\"instructions\":\"x\"}")
                .path("rawApiKey")
                .asText();
        String sibling = portal.ok(
                        owner, "POST", "/api/agents", "{\"name\":\"sibling-" + name + "\",\"instructions\":\"x\"}")
                .path("rawApiKey")
                .asText();

        HttpResponse<String> refused = chat(other);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(Json.of(refused).at("/error/code").asText()).isEqualTo("access_denied");
        assertThat(chat(sibling).statusCode()).isEqualTo(200);
        assertThat(chat(stranger).statusCode()).isEqualTo(200);
    }

    @Test
    void info_tellsPriceAndCapabilities_onlyWhatIsSet() {
        create(",\"isPublic\":true,\"creditsPerToken\":0.25,\"minimumBalance\":2,\"skills\":{\"discovery\":{}},"
                + "\"description\":\"Finds things.\",\"tools\":[\"search\"]");

        JsonNode page = portal.ok("", "GET", "/" + name, "");

        assertThat(page.path("description").asText()).isEqualTo("Finds things.");
        assertThat(page.at("/agent_data/pricing"))
                .isEqualTo(Json.of("{\"credits_per_token\":0.25,\"minimum_balance\":2}"));
        assertThat(page.at("/agent_data/capabilities"))
                .isEqualTo(Json.of("[\"llm:fake-model\",\"payment:billing\",\"discovery:search\"]"));
        assertThat(page.at("/agent_data/tools")).isEqualTo(Json.of("[\"search\"]"));
        assertThat(portal.ok("", "GET", "/" + name + "/health", "").path("type").asText())
                .isEqualTo("dynamic_agent");
    }

    @Test
    void lists_nameThoseThatAreRemembered_toThoseWhoMayCallThem() {
        create("");
        chat(owner);

        JsonNode agents = portal.ok(owner, "GET", "/agents", "");

        assertThat(agents.path("dynamic_count").asInt()).isPositive();
        assertThat(agents.path("total_count").asInt())
                .isEqualTo(agents.path("static_count").asInt()
                        + agents.path("dynamic_count").asInt())
                .isEqualTo(agents.path("agents").size());
        assertThat(agents.path("agents").findValuesAsText("name")).contains(name);
        assertThat(portal.ok(owner, "GET", "/v1/models", "").path("data").findValuesAsText("id"))
                .contains(name);
    }

    @Test
    void staticAgent_goesFirst() {
        assertThat(portal.ok("", "GET", "/assistant/health", "").path("type").asText())
                .isEqualTo("static_agent");
    }

    @Test
    void status_tellsTheTruthOfTheCache() {
        create("");
        chat(owner);

        JsonNode stats = portal.ok("", "GET", "/stats", "").path("dynamic_agent_factory");
        JsonNode detailed = portal.ok("", "GET", "/health/detailed", "");

        assertThat(stats.path("caching_enabled").asBoolean()).isTrue();
        assertThat(stats.path("cache_ttl").asInt()).isEqualTo(300);
        assertThat(stats.path("agent_data_cache_size").asInt()).isPositive();
        assertThat(detailed.at("/agents/dynamic_agent_factory/status").asText()).isEqualTo("healthy");
        assertThat(detailed.at("/circuit_breakers/portal/state").asText()).isEqualTo("closed");
        assertThat(portal.gateway().get("/metrics").body())
                .containsPattern("robutler_dynamic_agents_cache_size [1-9]")
                .contains("robutler_circuit_breaker_state{name=\"portal\"} 0");
    }
}
