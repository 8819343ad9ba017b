package ai.robutler.portal.user;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A portal is never without an active admin. */
@ParameterizedClass
@EnumSource(Store.class)
final class LastAdminTest {
    private static final int ROUNDS = 10;

    private final RunningPortal portal;
    private final String admin;

    LastAdminTest(Store store) {
        portal = RunningPortal.start(store);
        admin = portal.ok(portal.adminKey(), "GET", "/api/user", "")
                .at("/user/id")
                .asText();
    }

    @AfterEach
    void stop() {
        portal.close();
    }

    @Test
    void lastAdmin_canNeitherBeDeactivatedNorMadeAUser() {
        for (String body : List.of("{\"active\":false}", "{\"role\":\"user\"}")) {
            JsonNode error = portal.refused(409, portal.adminKey(), "PATCH", "/api/users/" + admin, body);
            assertThat(error.path("message").asText()).contains("last active admin");
        }
        assertThat(portal.ok(portal.adminKey(), "GET", "/api/user", "")
                        .at("/user/role")
                        .asText())
                .isEqualTo("admin");
        portal.ok(portal.adminKey(), "PATCH", "/api/users/" + admin, "{\"name\":\"root\"}");
    }

    @Test
    void twoAdmins_whoRemoveEachOther_neverBothSucceed() {
        String key = portal.newUserKey();
        String other = portal.ok(key, "GET", "/api/user", "").at("/user/id").asText();
        for (int round = 0; round < ROUNDS; round++) {
            portal.ok(portal.adminKey(), "PATCH", "/api/users/" + other, "{\"role\":\"admin\"}");

            CompletableFuture<HttpResponse<String>> one = demote(portal.adminKey(), other);
            CompletableFuture<HttpResponse<String>> two = demote(key, admin);

            int ok = (one.join().statusCode() == 200 ? 1 : 0) + (two.join().statusCode() == 200 ? 1 : 0);
            assertThat(ok).as(one.join().body() + two.join().body()).isEqualTo(1);
            String winner = one.join().statusCode() == 200 ? portal.adminKey() : key;
            portal.ok(winner, "PATCH", "/api/users/" + admin, "{\"role\":\"admin\"}");
        }
    }

    private CompletableFuture<HttpResponse<String>> demote(String key, String user) {
        return portal.gateway()
                .client()
                .sendAsync(
                        portal.gateway()
                                .request("/api/users/" + user)
                                .header("Authorization", "Bearer " + key)
                                .method("PATCH", BodyPublishers.ofString("{\"role\":\"user\"}"))
                                .build(),
                        BodyHandlers.ofString());
    }
}
