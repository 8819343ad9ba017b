package ai.robutler.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FaultyProxy;
import ai.robutler.support.Json;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway whose portal is another server, asked over HTTP. */
final class RemotePortalTest {
    private static final int PARALLEL = 200;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static RunningPortal portal;
    private static FaultyProxy proxy;
    private static RunningGateway gateway;
    private static String owner;

    private final String name = "remote-" + NUMBER.incrementAndGet();

    @BeforeAll
    static void start() {
        portal = RunningPortal.start(Store.SQLITE);
        proxy = new FaultyProxy(portal.gateway().uri("/"));
        owner = portal.newUserKey();
        gateway = remote(
                "gateway.agents.ttl", "500ms",
                "gateway.agents.missing-ttl", "100ms",
                "gateway.keys.ttl", "500ms",
                "gateway.keys.missing-ttl", "100ms");
    }

    private static RunningGateway remote(String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "portal.mode", "remote", "portal.url", proxy.address() + "/", "portal.api-key", portal.adminKey()));
        settings.addAll(List.of(more));
        return RunningGateway.start(portal.model(), settings.toArray(new String[0]));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        proxy.close();
        portal.close();
    }

    @AfterEach
    void heal() {
        proxy.fail(FaultyProxy.Fault.NONE);
    }

    private JsonNode create(String more) {
        return portal.ok(
                owner, "POST", "/api/agents", "{\"name\":\"" + name + "\",\"instructions\":\"Be kind.\"" + more + "}");
    }

    private HttpResponse<String> chat(String key) {
        String[] headers = key.isEmpty() ? new String[0] : new String[] {"Authorization", "Bearer " + key};
        return gateway.post("/" + name + "/chat/completions", RunningGateway.message("hi", false), headers);
    }

    private void awaitStatus(int status, String key) {
        RunningGateway.await("status " + status, () -> chat(key).statusCode() == status);
    }

    @Test
    void agent_isServedAsInThePortalItself() {
        create(",\"isPublic\":true,\"creditsPerCall\":1.5,\"skills\":{\"auth\":{}},\"description\":\"Helps.\"");

        assertThat(chat("").statusCode()).isEqualTo(401);
        assertThat(chat(owner).statusCode()).isEqualTo(200);
        assertThat(portal.model().lastRequest().body().at("/messages/0/content").asText())
                .isEqualTo("Be kind.");
        JsonNode page = Json.of(gateway.get("/" + name, "X-API-Key", owner));
        assertThat(page).isEqualTo(Json.of(portal.gateway().get("/" + name, "X-API-Key", owner)));
        assertThat(page.at("/agent_data/pricing/credits_per_call").asDouble()).isEqualTo(1.5);
    }

    @Test
    void privateAgent_isItsOwners() {
        create("");

        assertThat(chat(owner).statusCode()).isEqualTo(200);
        assertThat(chat(portal.newUserKey()).statusCode()).isEqualTo(404);
        assertThat(chat("").statusCode()).isEqualTo(404);
    }

    @Test
    void changes_areFeltWithinTheTtl() {
        awaitStatus(404, "");
        String id = create(",\"isPublic\":true").path("id").asText();

        awaitStatus(200, "");
        portal.ok(owner, "DELETE", "/api/agents/" + id, "");
        awaitStatus(404, "");
    }

    @Test
    void revokedKey_isRefusedWithinTheTtl() {
        JsonNode made = portal.ok(owner, "POST", "/api/api-keys", "{\"name\":\"short\"}");
        create(",\"isPublic\":true");
        String key = made.path("rawKey").asText();
        assertThat(chat(key).statusCode()).isEqualTo(200);

        HttpResponse<String> revoked = portal.gateway()
                .send(portal.gateway()
                        .request("/api/api-keys/" + made.path("id").asText(), "X-API-Key", owner)
                        .DELETE()
                        .build());
        assertThat(revoked.statusCode()).isEqualTo(200);

        awaitStatus(401, key);
    }

    @Test
    void keyForSomeAgents_andKeyWithPermissions_areLimitedHereToo() {
        create(",\"isPublic\":true");
        String id = Json.of(portal.call(owner, "GET", "/api/agents/by-name/" + name, ""))
                .path("id")
                .asText();

        assertThat(chat(key("\"allowedAgents\":[\"" + id + "\"]")).statusCode()).isEqualTo(200);
        assertThat(chat(key("\"allowedAgents\":[\"" + name + "\"]")).statusCode())
                .isEqualTo(200);
        assertThat(chat(key("\"allowedAgents\":[\"assistant\"]")).statusCode()).isEqualTo(403);
        assertThat(chat(key("\"permissions\":[\"chat\"]")).statusCode()).isEqualTo(200);
        assertThat(chat(key("\"permissions\":[\"read\"]")).statusCode()).isEqualTo(403);
    }

    private static String key(String limit) {
        return portal.ok(owner, "POST", "/api/api-keys", "{\"name\":\"limited\"," + limit + "}")
                .path("rawKey")
                .asText();
    }

    @Test
    void parallelFirstRequests_makeOneLookUpOfTheAgent_andOneOfTheKey() {
        create("");
        String key = key("\"permissions\":[]");
        proxy.fail(FaultyProxy.Fault.SLOW);
        long users = proxy.count("/api/user");

        try (RunningGateway fresh = remote()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < PARALLEL; i++) {
                answers.add(fresh.client()
                        .sendAsync(
                                fresh.request("/" + name + "/health", "Authorization", "Bearer " + key)
                                        .build(),
                                BodyHandlers.ofString()));
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        }

        assertThat(proxy.count("/api/agents/by-name/" + name)).isEqualTo(1);
        assertThat(proxy.count("/api/user") - users).isEqualTo(1);
    }

    @Test
    void refusalForOneKey_opensNothing() {
        // 429 of the portal's is about the caller, who could else switch the others off
        gateway.get("/no-" + name + "/health");
        proxy.fail(FaultyProxy.Fault.BUSY);

        for (int i = 0; i < 10; i++) {
            HttpResponse<String> answer = gateway.get("/no-" + name + "-" + i + "/health");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After"))
                    .as("request " + i + " " + answer.body())
                    .hasValue("7");
        }

        assertThat(Json.of(gateway.get("/health/detailed"))
                        .at("/circuit_breakers/portal/state")
                        .asText())
                .isEqualTo("closed");
    }

    @Test
    void api_is404_thatNamesThePortal() {
        HttpResponse<String> answer = gateway.get("/api/user", "Authorization", "Bearer " + owner);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.of(answer).path("error").asText()).contains(proxy.address());
        assertThat(Json.of(answer).path("code").asText()).isEqualTo("not_found");
    }

    @Test
    void noDatabaseIsOpened() {
        assertThat(Files.exists(gateway.home().resolve("data"))).isFalse();
    }

    @Test
    void withoutKeyOfItsOwn_thereAreStaticAgentsOnly() {
        create(",\"isPublic\":true");
        try (RunningGateway keyless =
                RunningGateway.start(portal.model(), "portal.mode", "remote", "portal.url", proxy.address())) {
            assertThat(keyless.get("/" + name + "/health").statusCode()).isEqualTo(404);
            assertThat(keyless.chat("hi", "Authorization", "Bearer " + owner).statusCode())
                    .isEqualTo(200);
            JsonNode detailed = Json.of(keyless.get("/health/detailed"));
            assertThat(detailed.path("dynamic_agents_enabled").asBoolean()).isFalse();
            assertThat(detailed.at("/agents/dynamic_agent_factory/service_token_configured"))
                    .isEqualTo(Json.of("false"));
            assertThat(Json.of(keyless.get("/ready"))
                            .at("/details/dynamic_agent_factory")
                            .asText())
                    .isEqualTo("disabled");
        }
    }
}
