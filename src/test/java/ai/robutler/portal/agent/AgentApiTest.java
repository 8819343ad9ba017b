package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry of agents, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentApiTest {
    private static final String MORE = """
            ,"description":"Knows much","model":"gpt-4o","intents":["sum up","translate"],"canTalkToOtherAgents":true,
            "otherAgentsCanTalk":true,"isPublic":true,"creditsPerToken":8.16e-05,"creditsPerCall":"1.50",
            "minimumBalance":2,"agentPricingPercent":120,"avatarUrl":"https://example.org/a.png",
            "greetingMessage":"Hello","greetingImageMobile":"/api/content/public/1/m.png",
            "greetingImageDesktop":"http://example.org/d.png","suggestedActions":["Ask me"],
            "skills":{"auth":{"realm":"x"},"memory":null},"tools":["chart","sum"]""";

    private final RunningPortal portal;
    private final String name = "a-" + UUID.randomUUID();

    AgentApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    private static String body(String name, String more) {
        return "{\"name\":\"" + name + "\",\"instructions\":\"Be brief.\"" + more + "}";
    }

    private JsonNode create(String more) {
        return portal.ok(portal.adminKey(), "POST", "/api/agents", body(name, more));
    }

    private JsonNode admin(String method, String path, String json) {
        return portal.ok(portal.adminKey(), method, path, json);
    }

    @Test
    void create_tellsTheAgentTwiceAndItsKeyOnce() {
        JsonNode made = create("");

        ObjectNode beside = made.deepCopy();
        beside.remove(List.of("agent", "rawApiKey"));
        assertThat(beside).isEqualTo(made.path("agent"));
        assertThat(made.path("url").asText())
                .isEqualTo("http://localhost:" + portal.gateway().port() + "/" + name);
        assertThat(admin("GET", "/api/agents/" + name, "").has("rawApiKey")).isFalse();
    }

    @Test
    void create_withEveryField_keepsThem() {
        create(MORE);

        ObjectNode told = (ObjectNode) admin("GET", "/api/agents/" + name, "").path("agent");

        assertThat(told.path("creditsPerToken").decimalValue()).isEqualByComparingTo("0.000082");
        assertThat(told.path("creditsPerCall").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(told.path("agentPricingPercent").asInt()).isEqualTo(120);
        assertThat(told.path("skills").toString()).isEqualTo("{\"auth\":{\"realm\":\"x\"},\"memory\":null}");
        assertThat(told.path("intents").toString()).isEqualTo("[\"sum up\",\"translate\"]");
        assertThat(told.path("tools").toString()).isEqualTo("[\"chart\",\"sum\"]");
        assertThat(told.path("greetingImageMobile").asText()).isEqualTo("/api/content/public/1/m.png");
        assertThat(told.path("isPublic").asBoolean()).isTrue();
        assertThat(told.path("ownerId")).isEqualTo(told.path("userId"));
    }

    @Test
    void create_inSnakeCase_isTheSame() {
        create(",\"is_public\":true,\"credits_per_token\":15,\"other_agents_can_talk\":true,\"avatar_url\":\"/a.png\"");

        JsonNode told = admin("GET", "/api/agents/by-name/" + name, "");

        assertThat(told.path("isPublic").asBoolean()).isTrue();
        assertThat(told.path("creditsPerToken").asInt()).isEqualTo(15);
        assertThat(told.path("otherAgentsCanTalk").asBoolean()).isTrue();
        assertThat(told.path("avatarUrl").asText()).isEqualTo("/a.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"canUseOtherAgents", "can_use_other_agents", "canTalkToOtherAgents", "can_talk_to_other_agents"})
    void create_canTalkToOtherAgents_hasFourSpellings(String field) {
        assertThat(create(",\"" + field + "\":true")
                        .path("canTalkToOtherAgents")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void create_withoutMore_isPrivateAndFree() {
        JsonNode agent = create("").path("agent");

        assertThat(agent.path("isPublic").asBoolean()).isFalse();
        assertThat(agent.path("canTalkToOtherAgents").asBoolean()).isFalse();
        assertThat(agent.path("otherAgentsCanTalk").asBoolean()).isFalse();
        assertThat(agent.path("creditsPerToken").isNull()).isTrue();
        assertThat(agent.path("model").isNull()).isTrue();
        assertThat(agent.path("skills").toString()).isEqualTo("{}");
    }

    @Test
    void create_nameInCapitals_isKeptInLowerCase() {
        portal.ok(portal.adminKey(), "POST", "/api/agents", body(name.toUpperCase(java.util.Locale.ROOT), ""));

        assertThat(admin("GET", "/api/agents/" + name.toUpperCase(java.util.Locale.ROOT), "")
                        .path("name")
                        .asText())
                .isEqualTo(name);
    }

    @Test
    void create_nameThatIsTaken_is409NamingTheField() {
        create("");

        JsonNode error = portal.refused(409, portal.adminKey(), "POST", "/api/agents", body(name, ""));

        assertThat(error.at("/details/param").asText()).isEqualTo("name");
        assertThat(error.path("code").asText()).isEqualTo("conflict");
    }

    @Test
    void create_nameOfAStaticAgent_is409() {
        JsonNode error = portal.refused(409, portal.adminKey(), "POST", "/api/agents", body("assistant", ""));

        assertThat(error.at("/details/param").asText()).isEqualTo("name");
    }

    @Test
    void create_withoutKey_is401() {
        portal.refused(401, "", "POST", "/api/agents", body(name, ""));
    }

    @Test
    void key_ofANewAgent_isItsOwners() {
        String key = create("").path("rawApiKey").asText();

        assertThat(portal.ok(key, "GET", "/api/agents/" + name, "").path("name").asText())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH"})
    void change_keepsWhatIsNotSent(String method) {
        JsonNode before = create(MORE).path("agent");

        JsonNode after = admin(method, "/api/agents/" + before.path("id").asText(), "{\"model\":\"other\"}");

        ObjectNode expected = before.deepCopy();
        expected.put("model", "other");
        expected.set("updatedAt", after.path("updatedAt"));
        assertThat(after.path("agent")).isEqualTo(expected);
        assertThat(admin("GET", "/api/agents/" + name, "")).isEqualTo(after);
    }

    @Test
    void change_toNull_takesTheValueAway() {
        create(MORE);

        JsonNode after = admin(
                "PATCH",
                "/api/agents/" + name,
                "{\"description\":null,\"model\":null,\"creditsPerToken\":null,\"skills\":null,\"tools\":null,"
                        + "\"isPublic\":null,\"avatar_url\":null,\"suggestedActions\":[]}");

        assertThat(after.path("description").isNull()).isTrue();
        assertThat(after.path("model").isNull()).isTrue();
        assertThat(after.path("creditsPerToken").isNull()).isTrue();
        assertThat(after.path("skills")).isEmpty();
        assertThat(after.path("tools")).isEmpty();
        assertThat(after.path("isPublic").asBoolean()).isFalse();
        assertThat(after.path("avatarUrl").isNull()).isTrue();
        assertThat(after.path("suggestedActions")).isEmpty();
    }

    @Test
    void rename_movesTheAgentAtOnce() {
        String id = create("").path("id").asText();
        String other = "b-" + UUID.randomUUID();

        JsonNode renamed = admin("PATCH", "/api/agents/" + name, "{\"name\":\"" + other + "\"}");

        assertThat(renamed.path("url").asText()).endsWith("/" + other);
        portal.refused(404, portal.adminKey(), "GET", "/api/agents/by-name/" + name, "");
        assertThat(admin("GET", "/api/agents/by-name/" + other, "").path("id").asText())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rename_toANameThatIsTaken_is409AndChangesNothing(boolean byStatic) {
        JsonNode made = create("");
        String taken = byStatic ? "support" : "c-" + UUID.randomUUID();
        if (!byStatic) {
            portal.ok(portal.adminKey(), "POST", "/api/agents", body(taken, ""));
        }

        JsonNode error = portal.refused(
                409, portal.adminKey(), "PUT", "/api/agents/" + name, "{\"model\":\"m\",\"name\":\"" + taken + "\"}");

        assertThat(error.at("/details/param").asText()).isEqualTo("name");
        assertThat(admin("GET", "/api/agents/" + name, "").path("agent")).isEqualTo(made.path("agent"));
    }

    @Test
    void delete_takesTheAgentAndItsKeysAway() {
        JsonNode made = create(MORE);
        String key = made.path("rawApiKey").asText();
        String second = admin("POST", "/api/agents/" + name + "/api-key", "")
                .path("rawKey")
                .asText();

        assertThat(admin("DELETE", "/api/agents/" + made.path("id").asText(), "")
                        .toString())
                .isEqualTo("{\"success\":true}");

        portal.refused(404, portal.adminKey(), "GET", "/api/agents/" + name, "");
        portal.refused(404, portal.adminKey(), "DELETE", "/api/agents/" + name, "");
        portal.refused(401, key, "GET", "/api/agents", "");
        portal.refused(401, second, "GET", "/api/agents", "");
    }

    @Test
    void delete_freesTheName() {
        create("");
        admin("DELETE", "/api/agents/" + name, "");

        assertThat(create("").path("name").asText()).isEqualTo(name);
    }

    @Test
    void key_ofAnAgent_isNotKept() {
        JsonNode made = create("");

        JsonNode error = portal.refused(404, portal.adminKey(), "GET", "/api/agents/" + name + "/api-key", "");

        assertThat(error.path("error").asText())
                .contains("POST /api/agents/" + made.path("id").asText() + "/api-key");
    }

    @Test
    void key_madeAnew_isAnother_andTheFirstStaysValid() {
        String first = create("").path("rawApiKey").asText();

        JsonNode made = admin("POST", "/api/agents/" + name + "/api-key", "");

        assertThat(made.path("rawKey").asText()).startsWith("rok_").isNotEqualTo(first);
        assertThat(made.at("/key/agentId"))
                .isEqualTo(admin("GET", "/api/agents/" + name, "").path("id"));
        portal.ok(made.path("rawKey").asText(), "GET", "/api/agents/" + name, "");
        portal.ok(first, "GET", "/api/agents/" + name, "");
    }

    @Test
    void key_madeTwiceUnderOneIdempotencyKey_isOne() {
        create("");
        String path = "/api/agents/" + name + "/api-key";

        JsonNode first = portal.ok(portal.adminKey(), "POST", path, "", "Idempotency-Key", name);

        assertThat(portal.ok(portal.adminKey(), "POST", path, "", "Idempotency-Key", name))
                .isEqualTo(first);
    }

    @Test
    void list_isOnesOwnNewestFirst_byCursorAndByOffset() {
        String user = portal.newUserKey();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(0, name + i);
            portal.ok(user, "POST", "/api/agents", body(name + i, ""));
        }
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = portal.ok(user, "GET", "/api/agents?limit=2" + cursor, "");
            page.path("agents").forEach(agent -> paged.add(agent.path("name").asText()));
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").asText();
        } while (!cursor.isEmpty());

        JsonNode third = portal.ok(user, "GET", "/api/agents?limit=1&offset=2", "");

        assertThat(paged).isEqualTo(made);
        assertThat(third.at("/agents/0/name").asText()).isEqualTo(made.get(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "offset=-1", "cursor=!", "cursor=eA"})
    void list_wrongPage_is400NamingTheParameter(String query) {
        JsonNode error = portal.refused(400, portal.adminKey(), "GET", "/api/agents?" + query, "");

        assertThat(error.at("/details/param").asText()).isEqualTo(query.replaceFirst("=.*", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such", "0193a0a0-0000-7000-8000-000000000000"})
    void anyCall_forAnAgentThatIsNotThere_is404(String agent) {
        for (String path : List.of("/api/agents/", "/api/agents/by-name/", "/api/agents/public/")) {
            JsonNode error = portal.refused(404, portal.adminKey(), "GET", path + agent, "");
            assertThat(error.path("code").asText()).isEqualTo("not_found");
        }
        portal.refused(404, portal.adminKey(), "PUT", "/api/agents/" + agent, "{}");
        portal.refused(404, portal.adminKey(), "PATCH", "/api/agents/" + agent, "{}");
        portal.refused(404, portal.adminKey(), "DELETE", "/api/agents/" + agent, "");
        portal.refused(404, portal.adminKey(), "GET", "/api/agents/" + agent + "/api-key", "");
        portal.refused(404, portal.adminKey(), "POST", "/api/agents/" + agent + "/api-key", "");
        portal.refused(404, portal.adminKey(), "GET", "/api/agents/" + agent + "/intents", "");
    }

    @Test
    void intents_areTheAgentsListAndWhatItsOwnerHasPublishedForIt() {
        String id = create(",\"intents\":[\"sum up\"]").path("id").asText();
        admin("POST", "/api/intents/create", "{\"intent\":\"translate\",\"agent_id\":\"" + name + "\"}");
        admin(
                "POST",
                "/api/intents/create",
                "{\"intent\":\"other\",\"agent_id\":\"x" + name + "\",\"url\":\"https://example.org/x\"}");

        JsonNode page = admin("GET", "/api/agents/" + id + "/intents", "");

        assertThat(page.path("intents").findValuesAsText("intent")).containsExactly("translate", "sum up");
        assertThat(admin("GET", "/api/agents/" + name + "/intents?limit=1", "")
                        .path("next_cursor")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void intents_followTheAgentsList() {
        create(",\"intents\":[\"sum up\",\"draw\"]");

        admin("PATCH", "/api/agents/" + name, "{\"intents\":[\"draw\",\"paint\"]}");

        assertThat(admin("GET", "/api/agents/" + name + "/intents", "")
                        .path("intents")
                        .findValuesAsText("intent"))
                .containsExactlyInAnyOrder("draw", "paint");
    }

    @Test
    void publicAgent_isToldToEverybodyWithItsInstructions() {
        create(",\"isPublic\":true");

        JsonNode told = portal.ok("", "GET", "/api/agents/public/" + name, "");

        assertThat(told.path("instructions").asText()).isEqualTo("Be brief.");
    }
}
