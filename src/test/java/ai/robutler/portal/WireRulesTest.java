package ai.robutler.portal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What both generations of clients need of every answer: 200 and an object, or an error with its text in two places. */
final class WireRulesTest {
    private static final RunningPortal PORTAL = RunningPortal.shared(Store.SQLITE);
    private static final List<String> POSTS =
            List.of("/api/users", "/api/api-keys", "/api/user/transactions", "/api/user/integrations");
    private static final List<String> LISTS =
            List.of("/api/users", "/api/api-keys", "/api/user/transactions", "/api/user/integrations");

    private static void isError(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = Json.of(answer);
        assertThat(error.path("error").asText())
                .isNotEmpty()
                .isEqualTo(error.path("message").asText());
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("success").isBoolean()).isTrue();
        assertThat(error.path("success").asBoolean()).isFalse();
        assertThat(error.path("details").isObject()).isTrue();
        assertThat(error.size()).isEqualTo(6);
    }

    @Test
    void successes_are200AndAnObject_alsoWhatIsMadeAndDeleted() {
        String user = PORTAL.newUserKey();
        for (String path : List.of("/api/user", "/api/user/credits")) {
            assertThat(PORTAL.ok(user, "GET", path, "").isObject()).isTrue();
        }
        for (String path : LISTS) {
            JsonNode list = PORTAL.ok(PORTAL.adminKey(), "GET", path, "");
            assertThat(list.isObject()).isTrue();
            assertThat(list.has("next_cursor")).isTrue();
        }
        JsonNode key = PORTAL.ok(user, "POST", "/api/api-keys", "{\"name\":\"a\"}");
        assertThat(PORTAL.ok(user, "DELETE", "/api/api-keys/" + key.path("id").asText(), "")
                        .isObject())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "[{\"name\":\"a\"}]", "\"text\"", "5", "null", "{", "{\"a\":1}{}", "{\"a\":1,\"a\":2}"})
    void bodyThatIsNoObject_is400InEveryOperation(String body) {
        for (String path : POSTS) {
            isError(PORTAL.call(PORTAL.adminKey(), "POST", path, body), 400, "invalid_request");
        }
    }

    @Test
    void bodyOfAnotherType_is415_andTextCountsAsJson() {
        for (String path : POSTS) {
            isError(typed(path, "application/xml", "<a/>"), 415, "unsupported_media_type");
        }
        assertThat(typed("/api/api-keys", "text/plain", "{\"name\":\"plain\"}").statusCode())
                .isEqualTo(200);
    }

    private static HttpResponse<String> typed(String path, String type, String body) {
        return PORTAL.gateway()
                .send(PORTAL.gateway()
                        .request(path, "Authorization", "Bearer " + PORTAL.adminKey(), "Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    @Test
    void keyInEitherHeader_isTheSame() {
        String user = PORTAL.newUserKey();

        assertThat(PORTAL.ok("", "GET", "/api/user", "", "X-API-Key", user))
                .isEqualTo(PORTAL.ok(user, "GET", "/api/user", ""));
    }

    @Test
    void keyInTheQuery_isNone() {
        isError(
                PORTAL.call(
                        "", "GET", "/api/user?api_key=" + PORTAL.adminKey() + "&X-API-Key=" + PORTAL.adminKey(), ""),
                401,
                "unauthorized");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/nothing,                    404, not_found",
        "GET,    /api/user/nothing,               404, not_found",
        "GET,    /api/api-keys/1/nothing,         404, not_found",
        "PUT,    /api/user,                       405, method_not_allowed",
        "DELETE, /api/users,                      405, method_not_allowed",
        "PATCH,  /api/api-keys/1,                 405, method_not_allowed"
    })
    void pathOrMethodThatIsNotThere_isToldInThePortalsShape(String method, String path, int status, String code) {
        HttpResponse<String> answer = PORTAL.gateway()
                .send(PORTAL.gateway()
                        .request(path, "Authorization", "Bearer " + PORTAL.adminKey())
                        .method(method, BodyPublishers.noBody())
                        .build());
        isError(answer, status, code);
    }

    @ParameterizedTest
    @CsvSource({"cursor=%25%25, cursor", "cursor=YWJj, cursor", "limit=0, limit", "limit=201, limit", "offset=x, offset"
    })
    void pageThatCannotBe_is400InEveryList(String query, String param) {
        for (String path : LISTS) {
            HttpResponse<String> answer = PORTAL.call(PORTAL.adminKey(), "GET", path + "?" + query, "");
            isError(answer, 400, "invalid_request");
            assertThat(Json.of(answer).at("/details/param").asText()).isEqualTo(param);
        }
    }

    @Test
    void idempotencyKeyThatIsTooLong_is400() {
        for (String path : List.of("/api/api-keys", "/api/users")) {
            HttpResponse<String> answer = PORTAL.call(
                    PORTAL.adminKey(), "POST", path, "{\"name\":\"a\"}", "Idempotency-Key", "k".repeat(256));
            isError(answer, 400, "invalid_request");
        }
    }

    @Test
    void idsAndTimes_areAsTheContractSays() {
        JsonNode key =
                PORTAL.ok(PORTAL.newUserKey(), "GET", "/api/api-keys", "").at("/keys/0");

        assertThat(key.path("id").asText())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(key.path("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }
}
