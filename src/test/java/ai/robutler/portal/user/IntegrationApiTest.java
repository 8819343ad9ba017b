package ai.robutler.portal.user;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Integrations, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class IntegrationApiTest {
    private static final String INTEGRATIONS = "/api/user/integrations";

    private final RunningPortal portal;
    private final String user;

    IntegrationApiTest(Store store) {
        portal = RunningPortal.shared(store);
        user = portal.newUserKey();
    }

    private JsonNode make(String body) {
        return portal.ok(user, "POST", INTEGRATIONS, body).path("integration");
    }

    @Test
    void integration_isMadeShownListedAndDeleted() {
        String key =
                portal.ok(user, "GET", "/api/api-keys", "").at("/keys/0/id").asText();

        JsonNode made = make("{\"type\":\"agent\",\"protocol\":\"openai\",\"name\":\"mine\",\"api_key_id\":\"" + key
                + "\",\"more\":{}}");

        assertThat(made.path("type").asText()).isEqualTo("agent");
        assertThat(made.path("protocol").asText()).isEqualTo("openai");
        assertThat(made.path("name").asText()).isEqualTo("mine");
        assertThat(made.path("apiKeyId").asText()).isEqualTo(key);
        String path = INTEGRATIONS + "/" + made.path("id").asText();
        assertThat(portal.ok(user, "GET", path, "").path("integration")).isEqualTo(made);
        assertThat(portal.ok(user, "GET", INTEGRATIONS, "").at("/integrations/0"))
                .isEqualTo(made);
        assertThat(portal.ok(user, "DELETE", path, "").toString()).isEqualTo("{\"success\":true}");
        portal.refused(404, user, "GET", path, "");
        portal.refused(404, user, "DELETE", path, "");
        assertThat(portal.ok(user, "GET", INTEGRATIONS, "").path("integrations"))
                .isEmpty();
    }

    @Test
    void integration_withItsTypeAlone_isNamedAsItsType() {
        JsonNode made = make("{\"type\":\"agent\"}");

        assertThat(made.path("name").asText()).isEqualTo("agent");
        assertThat(made.path("protocol").isNull()).isTrue();
        assertThat(made.path("apiKeyId").isNull()).isTrue();
    }

    @Test
    void integrationOfAnother_is404() {
        String path =
                INTEGRATIONS + "/" + make("{\"type\":\"agent\"}").path("id").asText();
        String stranger = portal.newUserKey();

        portal.refused(404, stranger, "GET", path, "");
        portal.refused(404, stranger, "DELETE", path, "");
        portal.refused(401, "", "GET", path, "");
        portal.ok(user, "GET", path, "");
    }

    @Test
    void keyOfAnother_is404AndNamesTheField() {
        String foreign = portal.ok(portal.newUserKey(), "GET", "/api/api-keys", "")
                .at("/keys/0/id")
                .asText();

        JsonNode error = portal.refused(
                404, user, "POST", INTEGRATIONS, "{\"type\":\"agent\",\"apiKeyId\":\"" + foreign + "\"}");

        assertThat(error.at("/details/param").asText()).isEqualTo("apiKeyId");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                        | type
            {"type":5}                | type
            {"type":"a","name":5}     | name
            {"type":"a","protocol":5} | protocol
            """)
    void fieldThatIsWrong_is400AndNamesIt(String body, String param) {
        JsonNode error = portal.refused(400, user, "POST", INTEGRATIONS, body);

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void create_repeatedUnderTheSameIdempotencyKey_makesOne() {
        for (int i = 0; i < 2; i++) {
            portal.ok(user, "POST", INTEGRATIONS, "{\"type\":\"agent\"}", "Idempotency-Key", "i");
        }

        assertThat(portal.ok(user, "GET", INTEGRATIONS, "").path("integrations"))
                .hasSize(1);
    }

    @Test
    void list_isNewestFirstInPages() {
        for (int i = 1; i <= 3; i++) {
            make("{\"type\":\"t" + i + "\"}");
        }

        JsonNode first = portal.ok(user, "GET", INTEGRATIONS + "?limit=2", "");
        JsonNode second = portal.ok(
                user,
                "GET",
                INTEGRATIONS + "?limit=2&cursor=" + first.path("next_cursor").asText(),
                "");

        assertThat(first.path("integrations").findValuesAsText("type")).containsExactly("t3", "t2");
        assertThat(second.path("integrations").findValuesAsText("type")).containsExactly("t1");
        portal.refused(400, user, "GET", INTEGRATIONS + "?cursor=x", "");
    }
}
