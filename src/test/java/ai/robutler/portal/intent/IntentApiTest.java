package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishing, listing and deleting intents, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class IntentApiTest {
    private final RunningPortal portal;
    private String key = "";

    IntentApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    @BeforeEach
    void newUser() {
        key = portal.newUserKey();
    }

    @Test
    void create_asTheFirstClientDoes_tellsTheIntentInDataAndBeside() {
        JsonNode created = create("""
                {"intent":"help with data analysis and visualization","agent_id":"data-analyst",
                 "agent_description":"Expert in data analysis","url":"http://localhost:8000/data-analyst"}""");

        assertThat(created.at("/data/intent_id").asText())
                .isEqualTo(created.path("intent_id").asText())
                .isNotEmpty();
        assertThat(created.path("intent").asText()).isEqualTo("help with data analysis and visualization");
        assertThat(created.path("agent_id").asText()).isEqualTo("data-analyst");
        assertThat(created.path("protocol").asText()).isEqualTo("openai/completions");
        assertThat(created.path("subpath").asText()).isEqualTo("/chat/completions");
        assertThat(created.path("rank").asDouble()).isZero();
        assertThat(created.path("has_location").asBoolean(true)).isFalse();
    }

    @Test
    void create_withEveryField_tellsThemAll() {
        JsonNode created = create("""
                {"intent":"mow lawns","agentId":"gardener","agentDescription":"Cuts grass","url":"https://example.org/g",
                 "protocol":"a2a","subpath":"/run","ttlDays":2,"rank":1.5,"latitude":-33.9,"longitude":18.4}""");

        assertThat(created.path("agent_description").asText()).isEqualTo("Cuts grass");
        assertThat(created.path("protocol").asText()).isEqualTo("a2a");
        assertThat(created.path("subpath").asText()).isEqualTo("/run");
        assertThat(created.path("rank").asDouble()).isEqualTo(1.5);
        assertThat(created.path("latitude").asDouble()).isEqualTo(-33.9);
        assertThat(created.path("has_location").asBoolean()).isTrue();
        Duration lives = Duration.between(
                Instant.parse(created.path("created_at").asText()),
                Instant.ofEpochSecond(created.path("expires_at").asLong()));
        assertThat(lives).isBetween(Duration.ofDays(2).minusSeconds(1), Duration.ofDays(2));
    }

    @Test
    void create_withoutATime_livesThirtyDays() {
        JsonNode created = create(intent("keep bees"));

        Duration lives = Duration.between(
                Instant.parse(created.path("created_at").asText()),
                Instant.ofEpochSecond(created.path("expires_at").asLong()));
        assertThat(lives).isBetween(Duration.ofDays(30).minusSeconds(1), Duration.ofDays(30));
    }

    @Test
    void create_ofAList_publishesAllOfThem() {
        JsonNode created = create("{\"intents\":[" + intent("paint walls") + "," + intent("lay tiles") + "]}");

        assertThat(created.at("/data/intents")).hasSize(2).isEqualTo(created.path("intents"));
        assertThat(created.path("results"))
                .allMatch(result -> result.path("success").asBoolean());
        assertThat(list("{}").path("intents")).hasSize(2);
    }

    @Test
    void create_ofAListWithAMistake_namesItAndPublishesNothing() {
        JsonNode error = portal.refused(
                400,
                key,
                "POST",
                "/api/intents/create",
                "{\"intents\":[" + intent("paint walls") + ",{\"intent\":\"lay tiles\",\"agent_id\":\"x\"}]}");

        assertThat(error.at("/details/param").asText()).isEqualTo("intents[1].url");
        assertThat(list("{}").path("intents")).isEmpty();
    }

    @Test
    void create_ofTheSameAgain_renewsIt() {
        JsonNode first = create(intent("repair bicycles"));

        JsonNode second = create("""
                {"intent":"repair bicycles","agent_id":"ext","url":"https://example.org/other","ttl_days":300}""");

        assertThat(second.path("intent_id")).isEqualTo(first.path("intent_id"));
        assertThat(second.path("created_at")).isEqualTo(first.path("created_at"));
        assertThat(second.path("expires_at").asLong())
                .isGreaterThan(first.path("expires_at").asLong());
        assertThat(list("{}").path("intents"))
                .singleElement()
                .satisfies(listed -> assertThat(listed.path("url").asText()).isEqualTo("https://example.org/other"));
    }

    @Test
    void create_ofTheSameByAnotherUser_isAnother() {
        JsonNode first = create(intent("repair shoes"));

        JsonNode second = portal.ok(portal.newUserKey(), "POST", "/api/intents/create", intent("repair shoes"));

        assertThat(second.path("intent_id")).isNotEqualTo(first.path("intent_id"));
    }

    @Test
    void create_repeatedUnderTheSameKey_givesTheFirstAnswer() {
        JsonNode first = portal.ok(key, "POST", "/api/intents/create", intent("cut hair"), "Idempotency-Key", "cut");

        JsonNode second = portal.ok(key, "POST", "/api/intents/create", intent("cut hair"), "Idempotency-Key", "cut");

        assertThat(second).isEqualTo(first);
        portal.refused(409, key, "POST", "/api/intents/create", intent("cut bread"), "Idempotency-Key", "cut");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "intent | {'agent_id':'a','url':'https://e.org'}",
                "intent | {'intent':' ','agent_id':'a','url':'https://e.org'}",
                "intent | {'intent':5,'agent_id':'a','url':'https://e.org'}",
                "agent_id | {'intent':'x','url':'https://e.org'}",
                "url | {'intent':'x','agent_id':'a'}",
                "url | {'intent':'x','agent_id':'a','url':'javascript:alert(1)'}",
                "url | {'intent':'x','agent_id':'a','url':'https://me:secret@e.org'}",
                "url | {'intent':'x','agent_id':'a','url':'not an address'}",
                "subpath | {'intent':'x','agent_id':'a','url':'https://e.org','subpath':'run'}",
                "ttl_days | {'intent':'x','agent_id':'a','url':'https://e.org','ttl_days':0}",
                "ttl_days | {'intent':'x','agent_id':'a','url':'https://e.org','ttl_days':366}",
                "ttlDays | {'intent':'x','agent_id':'a','url':'https://e.org','ttlDays':1.5}",
                "rank | {'intent':'x','agent_id':'a','url':'https://e.org','rank':'high'}",
                "latitude | {'intent':'x','agent_id':'a','url':'https://e.org','latitude':91,'longitude':0}",
                "longitude | {'intent':'x','agent_id':'a','url':'https://e.org','latitude':0,'longitude':-181}",
                "longitude | {'intent':'x','agent_id':'a','url':'https://e.org','latitude':0}",
                "intents | {'intents':[]}",
                "intents | {'intents':'paint'}",
                "intents[0].intent | {'intents':[{}]}",
            })
    void create_ofWhatCannotBe_is400AndNamesTheField(String param, String body) {
        JsonNode error = portal.refused(400, key, "POST", "/api/intents/create", body.replace('\'', '"'));

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
        assertThat(error.path("code").asText()).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @CsvSource({"intent,1000", "agent_id,200", "agent_description,256", "url,200", "protocol,64", "subpath,200"})
    void create_takesTextsToTheirBoundAndNoLonger(String field, int most) {
        portal.ok(key, "POST", "/api/intents/create", withText(field, most));

        JsonNode error = portal.refused(400, key, "POST", "/api/intents/create", withText(field, most + 1));

        assertThat(error.at("/details/param").asText()).isEqualTo(field);
    }

    private static String withText(String field, int characters) {
        String start = switch (field) {
            case "url" -> "https://e.org/";
            case "subpath" -> "/";
            default -> "";
        };
        String text = start + "x".repeat(characters - start.length());
        String whole = "{\"intent\":\"x\",\"agent_id\":\"a\",\"url\":\"https://e.org\"}";
        return whole.replaceAll("\"" + field + "\":\"[^\"]*\",?", "")
                .replaceFirst("\\{", "{\"" + field + "\":\"" + text + "\",")
                .replace(",}", "}");
    }

    @ParameterizedTest
    @CsvSource({"1", "365"})
    void create_takesTimesAtTheirBounds(int days) {
        create("{\"intent\":\"days " + days + "\",\"agent_id\":\"a\",\"url\":\"https://e.org\",\"ttl_days\":" + days
                + "}");
    }

    @Test
    void create_ofAHundredAndOne_is400() {
        String hundred = (intent("x") + ",").repeat(100);

        create("{\"intents\":[" + hundred.substring(0, hundred.length() - 1) + "]}");

        JsonNode error = portal.refused(
                400, key, "POST", "/api/intents/create", "{\"intents\":[" + hundred + intent("x") + "]}");
        assertThat(error.at("/details/param").asText()).isEqualTo("intents");
    }

    @Test
    void publish_tellsEachResult() {
        JsonNode published = portal.ok(key, "POST", "/api/intents/publish", """
                {"intents":[{"intent":"play chess","agent_id":"ext","description":"A player","url":"https://e.org"}]}""");

        assertThat(published.path("results")).singleElement().satisfies(result -> {
            assertThat(result.path("intent").asText()).isEqualTo("play chess");
            assertThat(result.path("success").asBoolean()).isTrue();
        });
        assertThat(list("{}").at("/intents/0/agent_description").asText()).isEqualTo("A player");
    }

    @Test
    void publish_withoutAList_is400() {
        JsonNode error = portal.refused(400, key, "POST", "/api/intents/publish", intent("play chess"));

        assertThat(error.at("/details/param").asText()).isEqualTo("intents");
    }

    @Test
    void list_tellsTheNewestFirst_inDataAndBeside() {
        create(intent("one"));
        create(intent("two"));

        JsonNode listed = list("{}");

        assertThat(listed.path("intents"))
                .extracting(each -> each.path("intent").asText())
                .containsExactly("two", "one");
        assertThat(listed.at("/data/intents")).isEqualTo(listed.path("intents"));
    }

    @Test
    void list_inPages_tellsAllOfThemOnce() {
        create("{\"intents\":[" + intent("one") + "," + intent("two") + "," + intent("three") + "]}");

        JsonNode first = list("{\"limit\":2}");
        JsonNode second =
                list("{\"limit\":2,\"cursor\":\"" + first.path("next_cursor").asText() + "\"}");

        assertThat(first.path("intents"))
                .extracting(each -> each.path("intent").asText())
                .containsExactly("three", "two");
        assertThat(second.path("intents"))
                .extracting(each -> each.path("intent").asText())
                .containsExactly("one");
        assertThat(second.path("next_cursor").isNull()).isTrue();
    }

    @Test
    void list_ofAnAgent_tellsItsIntentsOnly() {
        create(intent("one"));
        create("{\"intent\":\"two\",\"agent_id\":\"other\",\"url\":\"https://e.org\"}");

        assertThat(list("{\"agent_id\":\"other\"}").path("intents"))
                .extracting(each -> each.path("intent").asText())
                .containsExactly("two");
    }

    @Test
    void list_tellsOwnIntentsOnly() {
        create(intent("secret plans"));
        String other = portal.newUserKey();

        assertThat(portal.ok(other, "POST", "/api/intents/list", "{}").path("intents"))
                .isEmpty();
    }

    @Test
    void list_ofAnotherUser_is404ForUsersAndToldToAdmins() {
        create(intent("secret plans"));
        String user = "{\"user_id\":\"" + userId(key) + "\"}";

        portal.refused(404, portal.newUserKey(), "POST", "/api/intents/list", user);

        assertThat(portal.ok(portal.adminKey(), "POST", "/api/intents/list", user)
                        .path("intents"))
                .hasSize(1);
        assertThat(list(user).path("intents")).hasSize(1);
    }

    @Test
    void list_withALimitOutOfBounds_is400() {
        assertThat(portal.refused(400, key, "POST", "/api/intents/list", "{\"limit\":201}")
                        .at("/details/param")
                        .asText())
                .isEqualTo("limit");
    }

    @Test
    void delete_removesIt() {
        String id = create(intent("go away")).path("intent_id").asText();

        JsonNode deleted = portal.ok(key, "POST", "/api/intents/delete", id(id));

        assertThat(deleted.at("/data/deleted_count").asInt()).isEqualTo(1);
        assertThat(deleted.at("/data/intent_id").asText()).isEqualTo(id);
        assertThat(list("{}").path("intents")).isEmpty();
        portal.refused(404, key, "POST", "/api/intents/delete", id(id));
    }

    @Test
    void delete_ofAnothersIntent_is404AndKeepsIt() {
        String id = create(intent("stay here")).path("intent_id").asText();

        portal.refused(404, portal.newUserKey(), "POST", "/api/intents/delete", id(id));

        assertThat(list("{}").path("intents")).hasSize(1);
        portal.ok(portal.adminKey(), "POST", "/api/intents/delete", id(id));
    }

    @Test
    void delete_withoutAnId_is400() {
        assertThat(portal.refused(400, key, "POST", "/api/intents/delete", "{}")
                        .at("/details/param")
                        .asText())
                .isEqualTo("intent_id");
    }

    @Test
    void create_forAnotherUser_is404ForUsersAndDoneForAdmins() {
        String body = "{\"intent\":\"for you\",\"agent_id\":\"ext\",\"url\":\"https://e.org\",\"user_id\":\""
                + userId(key) + "\"}";

        portal.refused(404, portal.newUserKey(), "POST", "/api/intents/create", body);
        portal.ok(portal.adminKey(), "POST", "/api/intents/create", body);

        assertThat(list("{}").path("intents")).hasSize(1);
        portal.refused(
                404,
                portal.adminKey(),
                "POST",
                "/api/intents/create",
                body.replaceFirst("\"user_id\":\"[^\"]*\"", "\"user_id\":\"nobody\""));
    }

    @ParameterizedTest
    @CsvSource({"POST,create", "POST,publish", "POST,list", "POST,delete", "POST,search", "GET,health"})
    void everyCall_withoutAKey_is401(String method, String call) {
        portal.refused(401, "", method, "/api/intents/" + call, method.equals("POST") ? "{}" : "");
    }

    private JsonNode create(String body) {
        return portal.ok(key, "POST", "/api/intents/create", body);
    }

    private JsonNode list(String body) {
        return portal.ok(key, "POST", "/api/intents/list", body);
    }

    private String userId(String ofKey) {
        return portal.ok(ofKey, "GET", "/api/user", "").at("/user/id").asText();
    }

    private static String id(String id) {
        return "{\"intent_id\":\"" + id + "\"}";
    }

    private static String intent(String text) {
        return "{\"intent\":\"" + text + "\",\"agent_id\":\"ext\",\"url\":\"https://example.org/ext\"}";
    }
}
