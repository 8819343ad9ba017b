package ai.robutler.portal.user;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Users, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class UserApiTest {
    private static final String USERS = "/api/users";

    private final RunningPortal portal;

    UserApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    @Test
    void user_withTheAdminsKey_isTheAdmin() {
        JsonNode user = portal.ok(portal.adminKey(), "GET", "/api/user", "").path("user");

        assertThat(user.path("role").asText()).isEqualTo("admin");
    }

    @Test
    void user_withoutKey_is401InThePortalsShape() {
        JsonNode error = portal.refused(401, "", "GET", "/api/user", "");

        assertThat(error.path("code").asText()).isEqualTo("unauthorized");
        assertThat(error.path("error")).isEqualTo(error.path("message"));
    }

    @Test
    void create_repeatedUnderTheSameKey_givesTheFirstAnswer() {
        String body = "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}";

        JsonNode first = portal.ok(portal.adminKey(), "POST", "/api/users", body, "Idempotency-Key", "ann");
        JsonNode second = portal.ok(portal.adminKey(), "POST", "/api/users", body, "Idempotency-Key", "ann");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void create_otherBodyUnderTheSameKey_is409() {
        portal.ok(portal.adminKey(), "POST", "/api/users", "{\"name\":\"Bo\"}", "Idempotency-Key", "bo");

        portal.refused(409, portal.adminKey(), "POST", "/api/users", "{\"name\":\"Cy\"}", "Idempotency-Key", "bo");
    }

    @Test
    void create_addressThatIsTaken_is409() {
        String body = "{\"name\":\"Di\",\"email\":\"di@example.org\"}";
        portal.ok(portal.adminKey(), "POST", "/api/users", body);

        portal.refused(409, portal.adminKey(), "POST", "/api/users", body);
    }

    private String newUser(String fields) {
        return portal.ok(portal.adminKey(), "POST", USERS, "{\"name\":\"Eve\"" + fields + "}")
                .at("/user/id")
                .asText();
    }

    private JsonNode change(String id, String body) {
        return portal.ok(portal.adminKey(), "PATCH", USERS + "/" + id, body).path("user");
    }

    @Test
    void user_hasExactlyTheFieldsOfTheContract() {
        JsonNode user = portal.ok(portal.newUserKey(), "GET", "/api/user", "").path("user");

        List<String> names = new ArrayList<>();
        user.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "id",
                        "name",
                        "email",
                        "role",
                        "planName",
                        "totalCredits",
                        "usedCredits",
                        "availableCredits",
                        "avatarUrl",
                        "referralCode",
                        "createdAt");
        assertThat(user.path("role").asText()).isEqualTo("user");
        assertThat(user.path("planName").asText()).isEqualTo("free");
        assertThat(user.path("avatarUrl").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                          | name
            {"name":""}                                 | name
            {"name":5}                                  | name
            {"name":"a","role":"boss"}                  | role
            {"name":"a","role":true}                    | role
            {"name":"a","email":"nobody"}               | email
            {"name":"a","email":"a b@example.org"}      | email
            {"name":"a","email":"a@-example.org"}       | email
            {"name":"a","email":"a@b@example.org"}      | email
            """)
    void create_fieldThatIsWrong_is400AndNamesIt(String body, String param) {
        JsonNode error = portal.refused(400, portal.adminKey(), "POST", USERS, body);

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void usersOfAll_areForAdminsOnly() {
        String key = portal.newUserKey();
        String id = newUser("");

        for (String caller : List.of(key, "")) {
            int status = caller.isEmpty() ? 401 : 403;
            portal.refused(status, caller, "GET", USERS, "");
            portal.refused(status, caller, "POST", USERS, "{\"name\":\"a\"}");
            portal.refused(status, caller, "GET", USERS + "/" + id, "");
            portal.refused(status, caller, "PATCH", USERS + "/" + id, "{\"role\":\"admin\"}");
        }
    }

    @Test
    void get_userWhoIsNotThere_is404() {
        portal.refused(404, portal.adminKey(), "GET", USERS + "/nobody", "");
        portal.refused(404, portal.adminKey(), "PATCH", USERS + "/nobody", "{}");
    }

    @Test
    void list_isNewestFirstInPages() {
        String first = newUser("");
        String second = newUser("");
        String third = newUser("");

        JsonNode page = portal.ok(portal.adminKey(), "GET", USERS + "?limit=2", "");
        JsonNode next = portal.ok(
                portal.adminKey(),
                "GET",
                USERS + "?limit=1&cursor=" + page.path("next_cursor").asText(),
                "");

        assertThat(page.path("users").findValuesAsText("id")).containsExactly(third, second);
        assertThat(next.path("users").findValuesAsText("id")).containsExactly(first);
        portal.refused(400, portal.adminKey(), "GET", USERS + "?cursor=x", "");
    }

    @Test
    void change_putsWhatWasSentInPlace_andLeavesTheRest() {
        String id = newUser(",\"email\":\"eve" + System.nanoTime() + "@example.org\"");

        JsonNode changed = change(
                id, "{\"planName\":\"pro\",\"avatar_url\":\"https://example.org/e.png\",\"role\":\"admin\",\"x\":1}");

        assertThat(changed.path("name").asText()).isEqualTo("Eve");
        assertThat(changed.path("email").asText()).startsWith("eve");
        assertThat(changed.path("planName").asText()).isEqualTo("pro");
        assertThat(changed.path("avatarUrl").asText()).isEqualTo("https://example.org/e.png");
        assertThat(changed.path("role").asText()).isEqualTo("admin");
        assertThat(changed.path("active").asBoolean()).isTrue();
        JsonNode cleared = change(id, "{\"email\":null,\"avatarUrl\":null,\"role\":\"user\"}");
        assertThat(cleared.path("email").isNull()).isTrue();
        assertThat(cleared.path("avatarUrl").isNull()).isTrue();
        assertThat(portal.ok(portal.adminKey(), "GET", USERS + "/" + id, "").path("user"))
                .isEqualTo(cleared);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"role":"boss"}                | role
            {"name":" "}                   | name
            {"name":null}                  | name
            {"email":"nobody"}             | email
            {"active":"no"}                | active
            {"avatarUrl":"javascript:a()"} | avatarUrl
            """)
    void change_fieldThatIsWrong_is400AndNamesIt(String body, String param) {
        JsonNode error = portal.refused(400, portal.adminKey(), "PATCH", USERS + "/" + newUser(""), body);

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void change_addressThatIsTaken_is409() {
        String email = "taken" + System.nanoTime() + "@example.org";
        newUser(",\"email\":\"" + email + "\"");

        portal.refused(
                409,
                portal.adminKey(),
                "PATCH",
                USERS + "/" + newUser(""),
                "{\"email\":\"" + email.toUpperCase(Locale.ROOT) + "\"}");
    }

    @Test
    void change_roleOfAUser_countsForHisKeysAtOnce() {
        String key = portal.newUserKey();
        String id = portal.ok(key, "GET", "/api/user", "").at("/user/id").asText();
        portal.refused(403, key, "GET", USERS, "");

        change(id, "{\"role\":\"admin\"}");
        portal.ok(key, "GET", USERS, "");

        change(id, "{\"role\":\"user\"}");
        portal.refused(403, key, "GET", USERS, "");
    }
}
