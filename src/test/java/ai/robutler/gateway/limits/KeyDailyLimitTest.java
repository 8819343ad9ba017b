package ai.robutler.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A key's own number of requests a day, over HTTP. */
final class KeyDailyLimitTest {
    private static String limited(RunningPortal portal, String by, int requests) {
        return portal.ok(by, "POST", "/api/api-keys", "{\"name\":\"few\",\"dailyRateLimit\":" + requests + "}")
                .path("rawKey")
                .asText();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    @Test
    void keyWithADailyLimit_hasSoManyRequestsADay_inChatsAndInThePortalTogether() {
        RunningPortal portal = RunningPortal.shared(Store.SQLITE);
        String user = portal.newUserKey();
        String key = limited(portal, user, 3);

        HttpResponse<String> first = portal.gateway().chat("Hello!", "Authorization", "Bearer " + key);
        HttpResponse<String> second = portal.call(key, "GET", "/api/user", "");
        HttpResponse<String> third = portal.gateway().chat("Hello!", "Authorization", "Bearer " + key);
        HttpResponse<String> fourth = portal.gateway().chat("Hello!", "Authorization", "Bearer " + key);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "X-RateLimit-Limit-Day")).isEqualTo("3");
        assertThat(header(first, "X-RateLimit-Remaining-Day")).isEqualTo("2");
        assertThat(header(second, "X-RateLimit-Remaining-Day")).isEqualTo("1");
        assertThat(header(third, "X-RateLimit-Remaining-Day")).isEqualTo("0");
        assertThat(fourth.statusCode()).isEqualTo(429);
        JsonNode error = Json.of(fourth).path("error");
        assertThat(error.path("limit").asText()).isEqualTo("requests_per_day");
        assertThat(error.path("scope").asText()).isEqualTo("api");
        assertThat(error.path("message").asText()).isEqualTo("Rate limit exceeded (3 requests per day)");
        assertThat(header(fourth, "Retry-After"))
                .isEqualTo(error.path("retry_after").asText());
        assertThat(header(fourth, "X-RateLimit-Limit-Day")).isEqualTo("3");
        portal.refused(429, key, "GET", "/api/user", "");
        portal.ok(user, "GET", "/api/user", "");
    }

    @Test
    void keyWithADailyLimitAboveItsUsers_getsNoMoreThanItsUser() {
        try (RunningPortal portal = RunningPortal.start(Store.SQLITE, "gateway.rate-limit.day", "6")) {
            String user = portal.newUserKey();
            String key = limited(portal, user, 100);
            for (int i = 0; i < 4; i++) {
                portal.ok(key, "GET", "/api/user", "");
            }
            HttpResponse<String> last = portal.call(key, "GET", "/api/user", "");
            HttpResponse<String> over = portal.call(key, "GET", "/api/user", "");

            assertThat(last.statusCode()).isEqualTo(200);
            assertThat(header(last, "X-RateLimit-Limit-Day")).isEqualTo("6");
            assertThat(header(last, "X-RateLimit-Remaining-Day")).isEqualTo("0");
            assertThat(over.statusCode()).isEqualTo(429);
            assertThat(Json.of(over).at("/details/scope").asText()).isEqualTo("user");
        }
    }

    @Test
    void requestThatIsRefused_takesNothingOfTheUsersAllowance() {
        try (RunningPortal portal = RunningPortal.start(Store.SQLITE, "gateway.rate-limit.day", "100")) {
            String user = portal.newUserKey();
            String key = limited(portal, user, 1);
            portal.ok(key, "GET", "/api/user", "");
            String before = header(portal.call(user, "GET", "/api/user", ""), "X-RateLimit-Remaining-Day");

            portal.refused(429, key, "GET", "/api/user", "");

            String after = header(portal.call(user, "GET", "/api/user", ""), "X-RateLimit-Remaining-Day");
            assertThat(Integer.parseInt(after)).isEqualTo(Integer.parseInt(before) - 1);
        }
    }
}
