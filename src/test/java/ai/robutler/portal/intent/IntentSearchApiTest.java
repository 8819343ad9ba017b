package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Finding intents, over HTTP, on both databases. Each test's intents are of an agent of its own. */
@ParameterizedClass
@EnumSource(Store.class)
final class IntentSearchApiTest {
    private final RunningPortal portal;
    private String key = "";
    private String agent = "";

    IntentSearchApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    @BeforeEach
    void newUser() {
        key = portal.newUserKey();
        agent = "ext-" + java.util.UUID.randomUUID();
        IntentsReady.await(portal);
    }

    @Test
    void search_inOtherWords_findsWhatMeansTheSame() {
        publish("translate legal contracts from German to English", "");
        publish("repair bicycles", "");

        JsonNode answer = search("I need my German rental agreement in English", "");

        assertThat(answer.path("mode").asText()).isEqualTo("vector");
        assertThat(answer.at("/data/results")).singleElement().satisfies(found -> {
            assertThat(found.path("intent").asText()).isEqualTo("translate legal contracts from German to English");
            assertThat(found.path("similarity").asDouble()).isBetween(0.7, 1.0);
            assertThat(found.path("agent_id").asText()).isEqualTo(agent);
            assertThat(found.path("url").asText()).isEqualTo("https://e.org");
        });
        assertThat(answer.at("/data/debug/totalCandidates").asInt()).isEqualTo(2);
        assertThat(answer.at("/data/debug/filteredByThreshold").asInt()).isEqualTo(1);
        assertThat(answer.at("/data/debug/threshold").asDouble()).isEqualTo(0.7);
        assertThat(answer.at("/data/debug/searchTypes/0").asText()).isEqualTo("vector");
        assertThat(answer.path("results")).isEqualTo(answer.at("/data/results"));
    }

    @Test
    void search_tellsEachAgentOnceWithItsBestIntent() {
        publish("repair bicycles", "");
        publish("repair old bicycles and sell spare parts", "");

        JsonNode answer = search("repair bicycles", "");

        assertThat(answer.at("/data/results")).hasSize(2);
        assertThat(answer.path("agents")).singleElement().satisfies(found -> {
            assertThat(found.path("agent_id").asText()).isEqualTo(agent);
            assertThat(found.path("confidence").asDouble()).isEqualTo(1.0);
            assertThat(found.path("intent").asText()).isEqualTo("repair bicycles");
            assertThat(found.path("url").asText()).isEqualTo("https://e.org");
        });
    }

    @ParameterizedTest
    @CsvSource({"vector,vector", "text,text", "hybrid,vector text"})
    void search_ofEachType_findsTheSameSentence(String type, String types) {
        publish("restore oil paintings", "");

        JsonNode answer = search("restore oil paintings", ",\"search_type\":\"" + type + "\"");

        assertThat(answer.path("mode").asText()).isEqualTo(type);
        assertThat(answer.at("/data/results/0/similarity").asDouble()).isEqualTo(1.0);
        assertThat(texts(answer.at("/data/debug/searchTypes"))).containsExactly(types.split(" "));
    }

    @Test
    void search_withoutThreshold_tellsTopK() {
        List.of("one thing", "another thing", "a third thing").forEach(text -> publish(text, ""));

        assertThat(found(search("thing", ",\"min_similarity\":0,\"top_k\":2"))).hasSize(2);
        assertThat(found(search("thing", ",\"minSimilarity\":0,\"topK\":100"))).hasSize(3);
    }

    @Test
    void search_amongEqualSentences_putsTheHigherRankFirst() {
        String other = portal.newUserKey();
        publish("tune pianos", ",\"rank\":-1");
        portal.ok(other, "POST", "/api/intents/create", body("tune pianos", ",\"rank\":2"));
        portal.ok(portal.newUserKey(), "POST", "/api/intents/create", body("tune pianos", ""));

        JsonNode results = search("tune pianos", "").at("/data/results");

        assertThat(results).extracting(each -> each.path("rank").asDouble()).containsExactly(2.0, 0.0, -1.0);
    }

    @Test
    void search_doesNotPutRankBeforeMeaning() {
        publish("repair bicycles", "");
        publish("sell flowers", ",\"rank\":1000");

        assertThat(found(search("repair bicycles", ",\"min_similarity\":0")))
                .containsExactly("repair bicycles", "sell flowers");
    }

    @Test
    void search_nearAPlace_findsWhatIsOfferedThere() {
        publish("walk dogs in Berlin", ",\"latitude\":52.52,\"longitude\":13.405");
        publish("walk dogs in Paris", ",\"latitude\":48.8566,\"longitude\":2.3522");
        publish("walk dogs anywhere", "");
        String near = ",\"min_similarity\":0,\"latitude\":52.4,\"longitude\":13.1";

        assertThat(found(search("walk dogs", near))).containsExactly("walk dogs in Berlin");
        assertThat(found(search("walk dogs", near + ",\"radius_km\":1"))).isEmpty();
        assertThat(found(search("walk dogs", near + ",\"radius_km\":2000")))
                .containsExactlyInAnyOrder("walk dogs in Berlin", "walk dogs in Paris");
        assertThat(found(search("walk dogs", ",\"min_similarity\":0"))).hasSize(3);
    }

    @Test
    void search_acrossTheDateLine_findsTheOtherSide() {
        publish("sail around Fiji", ",\"latitude\":-16.5,\"longitude\":179.95");

        assertThat(found(search("sail around Fiji", ",\"latitude\":-16.5,\"longitude\":-179.95,\"radius_km\":15")))
                .hasSize(1);
        assertThat(found(search("sail around Fiji", ",\"latitude\":-16.5,\"longitude\":-179.95,\"radius_km\":5")))
                .isEmpty();
    }

    @Test
    void search_whatWasDeleted_findsNothing() {
        String id = publish("predict tides", "");
        assertThat(found(search("predict tides", ""))).hasSize(1);

        portal.ok(key, "POST", "/api/intents/delete", "{\"intent_id\":\"" + id + "\"}");

        assertThat(found(search("predict tides", ""))).isEmpty();
    }

    @Test
    void search_withoutAnAgent_findsEverybodysIntents() {
        publish("forecast volcanic eruptions on Iceland", "");

        JsonNode answer = portal.ok(
                portal.newUserKey(),
                "POST",
                "/api/intents/search",
                "{\"intent\":\"forecast volcanic eruptions on Iceland\"}");

        assertThat(texts(answer.at("/data/results"), "agent_id")).contains(agent);
    }

    @Test
    void search_inALanguageThatTheModelDoesNotKnow_goesByWords() {
        publish("перевод договоров", "");

        JsonNode answer = search("перевод договоров", "");

        assertThat(answer.path("mode").asText()).isEqualTo("lexical");
        assertThat(found(answer)).containsExactly("перевод договоров");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "intent | {}",
                "intent | {'intent':''}",
                "intent | {'intent':['x']}",
                "top_k | {'intent':'x','top_k':0}",
                "top_k | {'intent':'x','top_k':101}",
                "min_similarity | {'intent':'x','min_similarity':1.1}",
                "min_similarity | {'intent':'x','min_similarity':-0.1}",
                "search_type | {'intent':'x','search_type':'fuzzy'}",
                "radius_km | {'intent':'x','latitude':0,'longitude':0,'radius_km':-1}",
                "radius_km | {'intent':'x','latitude':0,'longitude':0,'radius_km':20041}",
                "latitude | {'intent':'x','longitude':0}",
                "latitude | {'intent':'x','latitude':-90.1,'longitude':0}",
            })
    void search_forWhatCannotBe_is400AndNamesTheField(String param, String body) {
        JsonNode error = portal.refused(400, key, "POST", "/api/intents/search", body.replace('\'', '"'));

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void search_forALongText_takesAThousandCharacters() {
        search("x ".repeat(500), "");

        portal.refused(400, key, "POST", "/api/intents/search", "{\"intent\":\"" + "x".repeat(1_001) + "\"}");
    }

    @Test
    void health_onceTheModelIsThere_isReady() {
        JsonNode health = portal.ok(key, "GET", "/api/intents/health", "");

        assertThat(health.path("status").asText()).isEqualTo("healthy");
        assertThat(health.path("ready").asBoolean()).isTrue();
        assertThat(health.path("embedding_provider").asText()).startsWith("bge-small-en");
        assertThat(portal.ok("", "GET", "/api/config", "")
                        .at("/features/semanticSearch")
                        .asBoolean())
                .isTrue();
    }

    private String publish(String intent, String more) {
        String id = portal.ok(key, "POST", "/api/intents/create", body(intent, more))
                .path("intent_id")
                .asText();
        RunningGateway.await(
                "the intent has its vector",
                () -> portal.ok(key, "GET", "/api/intents/health", "")
                                .path("waiting")
                                .asInt()
                        == 0);
        return id;
    }

    private String body(String intent, String more) {
        return "{\"intent\":\"" + intent + "\",\"agent_id\":\"" + agent + "\",\"url\":\"https://e.org\"" + more + "}";
    }

    private JsonNode search(String intent, String more) {
        return portal.ok(
                key,
                "POST",
                "/api/intents/search",
                "{\"intent\":\"" + intent + "\",\"agent_id\":\"" + agent + "\"" + more + "}");
    }

    private static List<String> found(JsonNode answer) {
        return texts(answer.at("/data/results"), "intent");
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path(field).asText())
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
