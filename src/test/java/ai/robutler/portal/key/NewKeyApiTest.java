package ai.robutler.portal.key;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Making and rotating keys, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class NewKeyApiTest {
    private static final String KEYS = "/api/api-keys";

    private final RunningPortal portal;

    NewKeyApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    private String me(String key) {
        return portal.ok(key, "GET", "/api/user", "").at("/user/id").asText();
    }

    @Test
    void create_withAllFields_answersThemAndTheKeyOnce() {
        String user = portal.newUserKey();

        JsonNode made = portal.ok(
                user,
                "POST",
                KEYS,
                "{\"name\":\"bot\",\"permissions\":[\"chat\",\"read\"],\"expiresInDays\":7,\"dailyRateLimit\":100,"
                        + "\"allowedAgents\":[\"Helper\"],\"unknown\":[1],\"dailyCreditLimit\":null}");

        JsonNode key = made.path("key");
        assertThat(made.path("rawKey").asText())
                .startsWith("rok_")
                .startsWith(key.path("keyPrefix").asText());
        assertThat(key.path("keyPrefix").asText()).hasSize(8);
        assertThat(made.path("id")).isEqualTo(key.path("id"));
        assertThat(made.path("name").asText()).isEqualTo("bot");
        assertThat(made.path("permissions").toString()).isEqualTo("[\"chat\",\"read\"]");
        assertThat(key.path("isActive").asBoolean()).isTrue();
        assertThat(key.path("userId").asText()).isEqualTo(me(user));
        assertThat(key.path("dailyRateLimit").asLong()).isEqualTo(100);
        assertThat(key.path("allowedAgents").toString()).isEqualTo("[\"helper\"]");
        assertThat(java.time.Instant.parse(key.path("expiresAt").asText()))
                .isEqualTo(
                        java.time.Instant.parse(key.path("createdAt").asText()).plus(java.time.Duration.ofDays(7)));
        assertThat(portal.ok(user, "GET", KEYS + "/" + made.path("id").asText(), "")
                        .toString())
                .doesNotContain(made.path("rawKey").asText().substring(8));
    }

    @Test
    void create_repeatedUnderTheSameIdempotencyKey_givesTheKeyAgainAndMakesNoOther() {
        String user = portal.newUserKey();

        JsonNode first = portal.ok(user, "POST", KEYS, "{\"name\":\"once\"}", "Idempotency-Key", "k1");
        JsonNode second = portal.ok(user, "POST", KEYS, "{\"name\":\"once\"}", "Idempotency-Key", "k1");

        assertThat(second).isEqualTo(first);
        assertThat(portal.ok(user, "GET", KEYS, "").path("keys")).hasSize(2);
        portal.refused(409, user, "POST", KEYS, "{\"name\":\"other\"}", "Idempotency-Key", "k1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                               | name
            {"name":" "}                                     | name
            {"name":7}                                       | name
            {"name":"a","permissions":"chat"}                | permissions
            {"name":"a","permissions":["chat","fly"]}        | permissions[1]
            {"name":"a","expiresInDays":0}                   | expiresInDays
            {"name":"a","expires_in_days":1.5}               | expires_in_days
            {"name":"a","dailyRateLimit":0}                  | dailyRateLimit
            {"name":"a","dailyRateLimit":"many"}             | dailyRateLimit
            {"name":"a","dailyCreditLimit":5}                | dailyCreditLimit
            {"name":"a","session_credit_limit":5}            | session_credit_limit
            {"name":"a","allowedAgents":[5]}                 | allowedAgents
            """)
    void create_fieldThatIsWrong_is400AndNamesIt(String body, String param) {
        JsonNode error = portal.refused(400, portal.adminKey(), "POST", KEYS, body);

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void create_forAnotherUser_isForAdminsOnly() {
        String user = portal.newUserKey();
        String other = portal.newUserKey();
        String body = "{\"name\":\"a\",\"userId\":\"" + me(other) + "\"}";

        portal.refused(403, user, "POST", KEYS, body);
        assertThat(portal.ok(portal.adminKey(), "POST", KEYS, body)
                        .at("/key/userId")
                        .asText())
                .isEqualTo(me(other));
        portal.refused(404, portal.adminKey(), "POST", KEYS, "{\"name\":\"a\",\"userId\":\"nobody\"}");
    }

    @Test
    void create_agentThatIsNotThere_is404AndNamesTheField() {
        JsonNode error =
                portal.refused(404, portal.newUserKey(), "POST", KEYS, "{\"name\":\"a\",\"agentId\":\"nobody\"}");

        assertThat(error.at("/details/param").asText()).isEqualTo("agentId");
    }

    @Test
    void list_isNewestFirstInPages_andTheOthersKeysAreNotInIt() {
        String user = portal.newUserKey();
        for (int i = 1; i <= 4; i++) {
            portal.ok(user, "POST", KEYS, "{\"name\":\"key " + i + "\"}");
        }

        JsonNode first = portal.ok(user, "GET", KEYS + "?limit=2", "");
        JsonNode second = portal.ok(
                user,
                "GET",
                KEYS + "?limit=2&cursor=" + first.path("next_cursor").asText(),
                "");
        JsonNode last = portal.ok(
                user,
                "GET",
                KEYS + "?limit=2&cursor=" + second.path("next_cursor").asText(),
                "");

        assertThat(names(first)).containsExactly("key 4", "key 3");
        assertThat(names(second)).containsExactly("key 2", "key 1");
        assertThat(names(last)).containsExactly("main");
        assertThat(last.path("next_cursor").isNull()).isTrue();
        assertThat(names(portal.ok(user, "GET", KEYS + "?limit=2&offset=3", "")))
                .containsExactly("key 1", "main");
    }

    private static java.util.List<String> names(JsonNode list) {
        return StreamSupport.stream(list.path("keys").spliterator(), false)
                .map(key -> key.path("name").asText())
                .toList();
    }
}
