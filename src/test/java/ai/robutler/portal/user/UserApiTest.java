package ai.robutler.portal.user;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Users, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class UserApiTest {
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
}
