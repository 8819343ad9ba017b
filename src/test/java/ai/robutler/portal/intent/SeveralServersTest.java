package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.PostgresServer;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that share a database, one after the other or at the same time, and one without a sentence model. */
final class SeveralServersTest {
    private static final String KEY = "an-admin-key-that-is-long-enough-for-all";

    @TempDir
    private Path data;

    @ParameterizedTest
    @EnumSource(Store.class)
    void theNextServer_findsWhatTheLastOneStored(Store store) {
        Map<String, String> settings = settings(store.settings());
        String id;
        try (RunningGateway first = RunningGateway.start(settings, home -> {})) {
            id = call(first, "/api/intents/create", intent("repair bicycles"))
                    .path("intent_id")
                    .asText();
            awaitReady(first);
        }
        try (RunningGateway second = RunningGateway.start(settings, home -> {})) {
            awaitReady(second);

            JsonNode found = call(second, "/api/intents/search", "{\"intent\":\"fix my bike\"}");

            assertThat(found.path("mode").asText()).isEqualTo("vector");
            assertThat(found.at("/data/results/0/id").asText()).isEqualTo(id);
        }
    }

    @Test
    void twoServersOnPostgres_findAndLoseWhatTheOtherWrites() {
        Map<String, String> settings = settings(Map.of("database.url", PostgresServer.newDatabase()));
        try (RunningGateway one = RunningGateway.start(settings, home -> {});
                RunningGateway two = RunningGateway.start(withData(settings, "two"), home -> {})) {
            String id = call(one, "/api/intents/create", intent("repair bicycles"))
                    .path("intent_id")
                    .asText();
            RunningGateway.await("the other server finds it", () -> candidates(two) == 1);

            call(one, "/api/agents", "{\"name\":\"smith\",\"instructions\":\"x\",\"intents\":[\"forge swords\"]}");
            RunningGateway.await("the other server finds the agent's own", () -> candidates(two) == 2);

            call(two, "/api/intents/delete", "{\"intent_id\":\"" + id + "\"}");
            RunningGateway.await("the first server loses it", () -> candidates(one) == 1);
        }
    }

    @Test
    void withoutTheModel_wordsDecide_andTheAnswersSaySo() {
        try (RunningPortal portal = RunningPortal.start(Store.SQLITE, "portal.search.semantic", "false")) {
            String key = portal.adminKey();
            portal.ok(key, "POST", "/api/intents/create", intent("repair bicycles"));

            for (String type : new String[] {"vector", "hybrid"}) {
                JsonNode found = portal.ok(
                        key,
                        "POST",
                        "/api/intents/search",
                        "{\"intent\":\"repair bicycles\",\"search_type\":\"" + type + "\"}");
                assertThat(found.path("mode").asText()).isEqualTo("lexical");
                assertThat(found.at("/data/mode").asText()).isEqualTo("lexical");
                assertThat(found.at("/data/results")).hasSize(1);
            }
            portal.ok(key, "POST", "/api/agents", "{\"name\":\"smith\",\"instructions\":\"x\"}");
            assertThat(portal.ok(key, "POST", "/api/agents/search", "{\"query\":\"x\"}")
                            .path("mode")
                            .asText())
                    .isEqualTo("lexical");
            RunningGateway.await(
                    "the health says it",
                    () -> portal.ok(key, "GET", "/api/intents/health", "")
                            .path("status")
                            .asText()
                            .equals("unhealthy"));
            assertThat(portal.ok("", "GET", "/api/config", "")
                            .at("/features/semanticSearch")
                            .asBoolean(true))
                    .isFalse();
        }
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("portal.api-key", KEY);
        settings.put("portal.search.refresh", "200ms");
        settings.put("openai.base-url", "http://127.0.0.1:9");
        settings.put("openai.model", "none");
        return withData(settings, "one");
    }

    private Map<String, String> withData(Map<String, String> settings, String name) {
        Map<String, String> copy = new HashMap<>(settings);
        copy.put("robutler.data", data.resolve(name).toString());
        return copy;
    }

    private static int candidates(RunningGateway server) {
        return call(server, "/api/intents/search", "{\"intent\":\"x\",\"search_type\":\"text\"}")
                .at("/data/debug/totalCandidates")
                .asInt();
    }

    private static void awaitReady(RunningGateway server) {
        RunningGateway.await("every intent has its vector", () -> {
            JsonNode health = Json.of(server.get("/api/intents/health", "Authorization", "Bearer " + KEY));
            return health.path("ready").asBoolean() && health.path("waiting").asInt() == 0;
        });
    }

    private static String intent(String text) {
        return "{\"intent\":\"" + text + "\",\"agent_id\":\"ext\",\"url\":\"https://e.org\"}";
    }

    private static JsonNode call(RunningGateway server, String path, String body) {
        HttpResponse<String> answer =
                server.send(server.request(path, "Authorization", "Bearer " + KEY, "Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer);
    }
}
