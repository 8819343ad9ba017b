package ai.robutler.portal.key;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that are there, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class KeyApiTest {
    private static final String KEYS = "/api/api-keys";

    private final RunningPortal portal;

    KeyApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    private JsonNode make(String by, String fields) {
        return portal.ok(by, "POST", KEYS, "{\"name\":\"k\"" + fields + "}");
    }

    private String path(JsonNode made) {
        return KEYS + "/" + made.path("id").asText();
    }

    @Test
    void key_hasExactlyTheFieldsOfTheContract() {
        String user = portal.newUserKey();

        JsonNode key = portal.ok(user, "GET", path(make(user, "")), "").path("key");

        List<String> names = new ArrayList<>();
        key.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "id",
                        "name",
                        "userId",
                        "agentId",
                        "keyPrefix",
                        "isActive",
                        "permissions",
                        "allowedAgents",
                        "createdAt",
                        "updatedAt",
                        "lastUsed",
                        "lastUsedAt",
                        "expiresAt",
                        "dailyRateLimit",
                        "dailyCreditLimit",
                        "sessionCreditLimit",
                        "spentCredits",
                        "earnedCredits");
        assertThat(key.path("expiresAt").isNull()).isTrue();
        assertThat(key.path("lastUsedAt").isNull()).isTrue();
        assertThat(key.path("permissions")).isEmpty();
    }

    @Test
    void keyOfAnother_is404ForUsersInEveryOperation_andThereForAdmins() {
        String owner = portal.newUserKey();
        String stranger = portal.newUserKey();
        String path = path(make(owner, ""));

        portal.refused(404, stranger, "GET", path, "");
        portal.refused(404, stranger, "DELETE", path, "");
        portal.refused(404, stranger, "POST", path + "/rotate", "");
        portal.refused(404, stranger, "GET", path + "/stats", "");
        portal.refused(404, owner, "GET", KEYS + "/nothing", "");

        JsonNode seen = portal.ok(portal.adminKey(), "GET", path, "").path("key");
        String list = KEYS + "?userId=" + seen.path("userId").asText();
        assertThat(portal.ok(portal.adminKey(), "GET", list, "").path("keys")).hasSize(2);
        portal.refused(404, stranger, "GET", list, "");
    }

    @Test
    void everyOperation_withoutKey_is401() {
        for (String path : List.of(KEYS, KEYS + "/x", KEYS + "/x/stats")) {
            portal.refused(401, "", "GET", path, "");
        }
        portal.refused(401, "", "POST", KEYS, "{\"name\":\"a\"}");
        portal.refused(401, "", "POST", KEYS + "/x/rotate", "");
        portal.refused(401, "", "DELETE", KEYS + "/x", "");
    }

    @Test
    void revokedKey_isRefusedAtOnce_andIsKept() {
        String user = portal.newUserKey();
        JsonNode made = make(user, "");
        String raw = made.path("rawKey").asText();
        portal.ok(raw, "GET", "/api/user", "");

        assertThat(portal.ok(user, "DELETE", path(made), "").toString()).isEqualTo("{\"success\":true}");

        portal.refused(401, raw, "GET", "/api/user", "");
        assertThat(portal.ok(user, "GET", path(made), "").at("/key/isActive").asBoolean())
                .isFalse();
        portal.ok(user, "DELETE", path(made), "");
        portal.refused(409, user, "POST", path(made) + "/rotate", "");
    }

    @Test
    void rotate_withGrace_bothAreValid_andTheNewOneIsLikeTheOldOne() {
        String user = portal.newUserKey();
        JsonNode old = make(user, ",\"permissions\":[\"user\"],\"dailyRateLimit\":50,\"expiresInDays\":3");

        JsonNode rotated = portal.ok(user, "POST", path(old) + "/rotate", "{\"graceSeconds\":600}");

        JsonNode key = rotated.path("key");
        assertThat(key.path("name").asText()).isEqualTo("k");
        assertThat(key.path("permissions")).isEqualTo(old.at("/key/permissions"));
        assertThat(key.path("dailyRateLimit").asLong()).isEqualTo(50);
        assertThat(key.path("id")).isNotEqualTo(old.path("id"));
        assertThat(lifeSeconds(key)).isEqualTo(3 * 86_400);
        portal.ok(old.path("rawKey").asText(), "GET", "/api/user", "");
        portal.ok(rotated.path("rawKey").asText(), "GET", "/api/user", "");
        JsonNode before = portal.ok(user, "GET", path(old), "").path("key");
        assertThat(Instant.parse(before.path("expiresAt").asText()).toEpochMilli()
                        - Instant.parse(before.path("updatedAt").asText()).toEpochMilli())
                .isEqualTo(600_000);
    }

    private static long lifeSeconds(JsonNode key) {
        return Instant.parse(key.path("expiresAt").asText()).getEpochSecond()
                - Instant.parse(key.path("createdAt").asText()).getEpochSecond();
    }

    @Test
    void rotate_withoutGrace_endsTheOldOneAtOnce_andOnlyOnce() {
        String user = portal.newUserKey();
        JsonNode old = make(user, "");
        portal.ok(old.path("rawKey").asText(), "GET", "/api/user", "");

        portal.ok(user, "POST", path(old) + "/rotate", "{\"graceSeconds\":0}");

        portal.refused(401, old.path("rawKey").asText(), "GET", "/api/user", "");
        portal.refused(409, user, "POST", path(old) + "/rotate", "");
    }

    @Test
    void rotate_unlessSaidOtherwise_leavesTheOldOneForADay_andARepetitionGivesTheFirstAnswer() {
        String user = portal.newUserKey();
        JsonNode old = make(user, "");

        JsonNode first = portal.ok(user, "POST", path(old) + "/rotate", "", "Idempotency-Key", "r");
        JsonNode second = portal.ok(user, "POST", path(old) + "/rotate", "", "Idempotency-Key", "r");

        assertThat(second).isEqualTo(first);
        JsonNode before = portal.ok(user, "GET", path(old), "").path("key");
        assertThat(Instant.parse(before.path("expiresAt").asText()).toEpochMilli()
                        - Instant.parse(before.path("updatedAt").asText()).toEpochMilli())
                .isEqualTo(86_400_000);
    }

    @Test
    void rotate_graceThatIsTooLong_is400() {
        String user = portal.newUserKey();

        JsonNode error =
                portal.refused(400, user, "POST", path(make(user, "")) + "/rotate", "{\"graceSeconds\":604801}");

        assertThat(error.at("/details/param").asText()).isEqualTo("graceSeconds");
    }

    @Test
    void stats_countEachRequestOfTheKey_alsoChatsAndBeforeTheyAreStored() {
        String user = portal.newUserKey();
        JsonNode made = make(user, "");
        String raw = made.path("rawKey").asText();
        portal.ok(raw, "GET", "/api/user", "");
        portal.ok(raw, "GET", "/api/user/credits", "");
        assertThat(portal.gateway()
                        .chat("Hello!", "Authorization", "Bearer " + raw)
                        .statusCode())
                .isEqualTo(200);

        JsonNode stats = portal.ok(user, "GET", path(made) + "/stats", "");

        assertThat(stats.path("requests").asLong()).isEqualTo(3);
        assertThat(stats.path("tokens").asLong()).isZero();
        assertThat(stats.path("credits").asLong()).isZero();
        assertThat(stats.path("days").findValues("requests").stream()
                        .mapToLong(JsonNode::asLong)
                        .sum())
                .isEqualTo(3);
        JsonNode key = portal.ok(user, "GET", path(made), "").path("key");
        assertThat(key.path("lastUsed").isTextual()).isTrue();
        assertThat(key.path("lastUsedAt")).isEqualTo(key.path("lastUsed")).isEqualTo(stats.path("lastUsedAt"));
    }

    @Test
    void spentCredits_areThoseOfTheKey() {
        String user = portal.newUserKey();
        String id = portal.ok(user, "GET", "/api/user", "").at("/user/id").asText();
        portal.ok(portal.adminKey(), "POST", "/api/users/" + id + "/credits", "{\"amount\":10}");
        JsonNode made = make(user, "");

        portal.ok(made.path("rawKey").asText(), "POST", "/api/user/transactions", "{\"amount\":2.5}");

        assertThat(portal.ok(user, "GET", path(made), "")
                        .at("/key/spentCredits")
                        .asDouble())
                .isEqualTo(2.5);
        assertThat(portal.ok(user, "GET", path(made) + "/stats", "")
                        .path("credits")
                        .asDouble())
                .isEqualTo(2.5);
        assertThat(portal.ok(user, "GET", KEYS, "").at("/keys/0/spentCredits").asDouble())
                .isEqualTo(2.5);
        assertThat(portal.ok(user, "GET", KEYS, "").at("/keys/1/spentCredits").asDouble())
                .isZero();
    }

    @Test
    void keyWhoseUserIsDeactivated_isRefusedAtOnce_alsoInAChat() {
        String user = portal.newUserKey();
        String id = portal.ok(user, "GET", "/api/user", "").at("/user/id").asText();
        RunningGateway gateway = portal.gateway();
        assertThat(gateway.chat("Hello!", "X-API-Key", user).statusCode()).isEqualTo(200);

        portal.ok(portal.adminKey(), "PATCH", "/api/users/" + id, "{\"active\":false}");

        portal.refused(401, user, "GET", "/api/user", "");
        assertThat(gateway.chat("Hello!", "X-API-Key", user).statusCode()).isEqualTo(401);
        portal.ok(portal.adminKey(), "PATCH", "/api/users/" + id, "{\"active\":true}");
        portal.ok(user, "GET", "/api/user", "");
    }
}
