package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Finding agents, and their intents, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentSearchApiTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final RunningPortal portal;
    private String key = "";
    private String other = "";

    AgentSearchApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    @BeforeEach
    void newUsers() {
        key = portal.newUserKey();
        other = portal.newUserKey();
    }

    @Test
    void search_findsByDescriptionAndTellsTheAgent() {
        String name = agent(true, "Identifies mushrooms on photographs", "");

        JsonNode found = only(search(other, "which fungus is on this picture", ""), name);

        assertThat(found.path("similarity").asDouble()).isBetween(0.7, 1.0);
        assertThat(found.path("matched").asText()).isEqualTo("Identifies mushrooms on photographs");
        assertThat(found.path("name").asText()).isEqualTo(name);
        assertThat(found.path("url").asText()).endsWith("/" + name);
    }

    @Test
    void search_findsByEachPart_andOnlyByThoseAskedFor() {
        String name = agent(true, "Knows the rules of cricket", "\"umpire village matches on Sundays\"");

        assertThat(names(search(other, "umpire village matches on Sundays", "")))
                .contains(name);
        assertThat(names(search(other, name, ",\"mode\":\"text\""))).contains(name);
        assertThat(names(search(other, "umpire village matches on Sundays", ",\"fields\":[\"intents\"]")))
                .contains(name);
        assertThat(names(search(other, "umpire village matches on Sundays", ",\"fields\":[\"name\"]")))
                .doesNotContain(name);
    }

    @Test
    void search_findsPrivateAgents_forTheirOwnersAndAdminsOnly() {
        String name = agent(false, "Catalogues seventeenth century lutes", "");
        String query = "Catalogues seventeenth century lutes";

        assertThat(names(search(key, query, ""))).contains(name);
        assertThat(names(search(portal.adminKey(), query, ""))).contains(name);
        assertThat(names(search(other, query, ""))).doesNotContain(name);
    }

    @Test
    void search_followsTheAgent_whenItIsChangedAndDeleted() {
        String name = agent(false, "Breeds giant rabbits", "");
        String path = "/api/agents/" + name;

        portal.ok(key, "PATCH", path, "{\"isPublic\":true,\"description\":\"Grooms alpacas and llamas\"}");
        assertThat(names(search(other, "Grooms alpacas and llamas", ""))).contains(name);
        assertThat(names(search(other, "Breeds giant rabbits", ",\"mode\":\"text\"")))
                .doesNotContain(name);

        portal.ok(key, "PATCH", path, "{\"isPublic\":false}");
        assertThat(names(search(other, "Grooms alpacas and llamas", ""))).doesNotContain(name);

        portal.ok(key, "DELETE", path, "");
        assertThat(names(search(key, "Grooms alpacas and llamas", ""))).doesNotContain(name);
    }

    @Test
    void search_tellsAtMostMaxResults() {
        for (int i = 0; i < 3; i++) {
            agent(true, "Carves wooden spoons number " + i, "");
        }

        assertThat(search(other, "Carves wooden spoons", ",\"max_results\":2").path("agents"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "query | {}",
                "mode | {'query':'x','mode':'magic'}",
                "max_results | {'query':'x','max_results':0}",
                "max_results | {'query':'x','max_results':101}",
                "min_similarity | {'query':'x','min_similarity':2}",
                "fields | {'query':'x','fields':['price']}",
                "fields | {'query':'x','fields':'name'}",
            })
    void search_forWhatCannotBe_is400AndNamesTheField(String param, String body) {
        JsonNode error = portal.refused(400, key, "POST", "/api/agents/search", body.replace('\'', '"'));

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void discover_putsWhoCanDoMostFirst() {
        String both = agent(true, "", "\"prune apple trees\",\"shear sheep\"");
        String one = agent(true, "", "\"prune apple trees\"");
        IntentsReady.await(portal);

        JsonNode answer = portal.ok(
                other, "GET", "/api/agents/discover?capabilities=prune%20apple%20trees&capabilities=shear+sheep", "");

        assertThat(names(answer)).containsSubsequence(both, one);
        assertThat(only(answer, both).path("capabilities")).hasSize(2);
        assertThat(only(answer, one).path("capabilities")).hasSize(1);
        assertThat(portal.ok(other, "GET", "/api/agents/discover?capabilities=prune%20apple%20trees&limit=1", "")
                        .path("agents"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "capabilities,/api/agents/discover",
        "capabilities,/api/agents/discover?capabilities=%20",
        "limit,/api/agents/discover?capabilities=x&limit=0",
        "limit,/api/agents/discover?capabilities=x&limit=101",
        "limit,/api/agents/discover?capabilities=x&limit=many",
    })
    void discover_ofWhatCannotBe_is400AndNamesTheParameter(String param, String path) {
        assertThat(portal.refused(400, key, "GET", path, "")
                        .at("/details/param")
                        .asText())
                .isEqualTo(param);
    }

    @Test
    void discover_ofTooManyCapabilities_is400() {
        String path =
                "/api/agents/discover?" + "capabilities=%d&".repeat(11).formatted(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

        portal.refused(400, key, "GET", path, "");
        portal.ok(key, "GET", path.replace("capabilities=11&", ""), "");
    }

    @Test
    void similar_tellsOthersNearestFirst_withoutItself() {
        String one = agent(true, "Teaches beginners to play the violin", "");
        String near = agent(true, "Violin lessons for children and adults", "");
        String hidden = agent(false, "Violin lessons for beginners", "");
        IntentsReady.await(portal);

        List<String> names = names(portal.ok(other, "GET", "/api/agents/" + one + "/similar?limit=5", ""));

        assertThat(names).first().isEqualTo(near);
        assertThat(names).doesNotContain(one, hidden);
        assertThat(names(portal.ok(key, "GET", "/api/agents/" + one + "/similar", "")))
                .contains(hidden);
    }

    @Test
    void similar_toAPrivateAgent_is404ForOthers() {
        String name = agent(false, "Secretly knits", "");

        portal.refused(404, other, "GET", "/api/agents/" + name + "/similar", "");
        portal.refused(404, key, "GET", "/api/agents/no-such-agent/similar", "");
        portal.ok(key, "GET", "/api/agents/" + name + "/similar", "");
    }

    @Test
    void theAgentsOwnIntents_areFoundAmongIntents_andFollowIt() {
        String name = agent(true, "A boatbuilder", "\"caulk wooden hulls\",\"sew sails\"");

        JsonNode found = intents(other, "caulk wooden hulls", name).at("/data/results/0");
        assertThat(found.path("agent_id").asText()).isEqualTo(name);
        assertThat(found.path("agent_description").asText()).isEqualTo("A boatbuilder");
        assertThat(found.path("url").asText()).endsWith("/" + name);

        portal.ok(key, "PATCH", "/api/agents/" + name, "{\"intents\":[\"sew sails\"]}");
        assertThat(intents(other, "caulk wooden hulls", name).at("/data/results"))
                .isEmpty();
        assertThat(intents(other, "sew sails", name).at("/data/results")).hasSize(1);

        portal.ok(key, "PATCH", "/api/agents/" + name, "{\"isPublic\":false}");
        assertThat(intents(other, "sew sails", name).at("/data/results")).isEmpty();
        assertThat(intents(key, "sew sails", name).at("/data/results")).hasSize(1);

        portal.ok(key, "DELETE", "/api/agents/" + name, "");
        assertThat(intents(key, "sew sails", name).at("/data/results")).isEmpty();
        assertThat(portal.ok(key, "POST", "/api/intents/list", "{}").path("intents"))
                .isEmpty();
    }

    @Test
    void theAgentsOwnIntents_areListedWithoutEnd_andDeletedThroughTheAgentOnly() {
        String name = agent(true, "", "\"blow glass\"");

        JsonNode listed = portal.ok(key, "POST", "/api/intents/list", "{}").at("/intents/0");
        assertThat(listed.path("expires_at").isNull()).isTrue();

        portal.refused(
                409,
                key,
                "POST",
                "/api/intents/delete",
                "{\"intent_id\":\"" + listed.path("intent_id").asText() + "\"}");
        assertThat(portal.ok(other, "GET", "/api/agents/" + name + "/intents", "")
                        .path("intents"))
                .singleElement()
                .isEqualTo(listed);
    }

    @Test
    void publishing_forAnOwnAgent_needsNoAddress_andIsToldOnce() {
        String name = agent(true, "", "\"bind books\"");

        JsonNode created = publish(key, "bind books", name);

        assertThat(created.path("url").asText()).endsWith("/" + name);
        assertThat(intents(other, "bind books", name).at("/data/results")).hasSize(1);
        assertThat(portal.ok(key, "GET", "/api/agents/" + name + "/intents", "").path("intents"))
                .hasSize(2);
    }

    @Test
    void publishing_forAnothersAgent_is404() {
        String open = agent(true, "", "");
        String hidden = agent(false, "", "");

        for (String name : List.of(open, hidden)) {
            String body = "{\"intent\":\"x\",\"agent_id\":\"" + name + "\",\"url\":\"https://e.org\"}";
            portal.refused(404, other, "POST", "/api/intents/create", body);
            portal.ok(portal.adminKey(), "POST", "/api/intents/create", body);
        }
    }

    @Test
    void publishing_byIdAndByName_isTheSameIntent() {
        String name = agent(true, "", "");
        String id = portal.ok(key, "GET", "/api/agents/" + name, "").path("id").asText();

        assertThat(publish(key, "weave baskets", id).path("intent_id"))
                .isEqualTo(publish(key, "weave baskets", name).path("intent_id"));
    }

    @Test
    void publishing_withAnAgentsKey_needsNoAgent() {
        JsonNode agent = make("smith" + NUMBER.incrementAndGet(), true, "", "");

        JsonNode created = portal.ok(
                agent.path("rawApiKey").asText(), "POST", "/api/intents/create", "{\"intent\":\"forge horseshoes\"}");

        assertThat(created.path("agent_id").asText())
                .isIn(agent.path("id").asText(), agent.path("name").asText());
        assertThat(portal.ok(key, "POST", "/api/intents/list", "{}").path("intents"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/api/agents/search",
        "GET,/api/agents/discover?capabilities=x",
        "GET,/api/agents/x/similar",
        "GET,/api/agents/x/intents"
    })
    void everyCall_withoutAKey_is401(String method, String path) {
        portal.refused(401, "", method, path, method.equals("POST") ? "{}" : "");
    }

    private String agent(boolean isPublic, String description, String intents) {
        return make("agent-" + NUMBER.incrementAndGet(), isPublic, description, intents)
                .path("name")
                .asText();
    }

    private JsonNode make(String name, boolean isPublic, String description, String intents) {
        return portal.ok(
                key,
                "POST",
                "/api/agents",
                "{\"name\":\"" + name + "\",\"instructions\":\"Help.\",\"isPublic\":" + isPublic + ",\"description\":\""
                        + description + "\",\"intents\":[" + intents + "]}");
    }

    private JsonNode publish(String byKey, String intent, String agent) {
        return portal.ok(
                byKey, "POST", "/api/intents/create", "{\"intent\":\"" + intent + "\",\"agent_id\":\"" + agent + "\"}");
    }

    private JsonNode search(String byKey, String query, String more) {
        IntentsReady.await(portal);
        return portal.ok(byKey, "POST", "/api/agents/search", "{\"query\":\"" + query + "\"" + more + "}");
    }

    private JsonNode intents(String byKey, String query, String agent) {
        return portal.ok(
                byKey,
                "POST",
                "/api/intents/search",
                "{\"intent\":\"" + query + "\",\"agent_id\":\"" + agent + "\",\"search_type\":\"text\"}");
    }

    private static JsonNode only(JsonNode answer, String name) {
        return StreamSupport.stream(answer.path("agents").spliterator(), false)
                .filter(agent -> agent.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + answer));
    }

    private static List<String> names(JsonNode answer) {
        return StreamSupport.stream(answer.path("agents").spliterator(), false)
                .map(agent -> agent.path("name").asText())
                .toList();
    }
}
