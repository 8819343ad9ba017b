package ai.robutler.portal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.gateway.operations.OpenApi;
import ai.robutler.support.Json;
import ai.robutler.support.Multipart;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What one tenant sees of another's: nothing, on every endpoint and method that the server describes. */
@ParameterizedClass
@EnumSource(Store.class)
@SuppressWarnings("InlineFormatString")
final class TenantWalkTest {
    /** In every text of the victim's, and in no request of the intruder's. */
    private static final String CANARY = "xyzzy";

    private static final String BODY = """
            {"name":"%1$s","agentId":"%1$s","agent_id":"%1$s","intent_id":"%1$s","intent":"a secret matter","query":"a secret matter",
             "user_id":"%2$s","userId":"%2$s","url":"https://example.org/x","amount":1,"type":"usage","protocol":"x","id":"%1$s",
             "messages":[{"role":"user","content":"Hello!"}],"description":"taken over","visibility":"public",
             "min_similarity":0,"top_k":100,"max_results":50,"isPublic":true}""";

    private final RunningPortal portal;
    private final String victim;
    private final Map<String, String> belongings = new LinkedHashMap<>();
    private final String victimId;

    TenantWalkTest(Store store) {
        portal = RunningPortal.shared(store);
        victim = portal.newUserKey();
        victimId = portal.ok(victim, "GET", "/api/user", "").at("/user/id").asText();
        String name = "hidden-" + Integer.toHexString(System.identityHashCode(this));
        JsonNode agent = portal.ok(victim, "POST", "/api/agents", """
                {"name":"%s","description":"xyzzy","instructions":"xyzzy","intents":["xyzzy secret matter"],"isPublic":false,
                 "greetingMessage":"xyzzy","suggestedActions":["xyzzy"]}""".formatted(name));
        belongings.put("agent", agent.path("id").asText());
        belongings.put("agent's name", name);
        belongings.put(
                "key",
                portal.ok(victim, "POST", "/api/api-keys", "{\"name\":\"xyzzy\"}")
                        .path("id")
                        .asText());
        belongings.put(
                "intent",
                portal.ok(
                                victim,
                                "POST",
                                "/api/intents/create",
                                "{\"intent\":\"xyzzy secret matter\",\"agent_id\":\"" + name
                                        + "\",\"agent_description\":\"xyzzy\"}")
                        .at("/data/intent_id")
                        .asText());
        belongings.put(
                "integration",
                portal.ok(
                                victim,
                                "POST",
                                "/api/user/integrations",
                                "{\"name\":\"xyzzy\",\"type\":\"agent\",\"protocol\":\"openai\"}")
                        .at("/integration/id")
                        .asText());
        belongings.put("file", upload());
        belongings.put("user", victimId);
        belongings.values().forEach(id -> assertThat(id).isNotBlank());
    }

    private String upload() {
        byte[] form = new Multipart()
                .field("visibility", "private")
                .field("description", CANARY)
                .file("xyzzy.txt", CANARY.getBytes(StandardCharsets.UTF_8))
                .bytes();
        HttpRequest request = portal.gateway()
                .request("/api/content", "Authorization", "Bearer " + victim, "Content-Type", Multipart.TYPE)
                .POST(BodyPublishers.ofByteArray(form))
                .build();
        return Json.of(portal.gateway().send(request)).path("id").asText();
    }

    @Test
    @DisplayName("Another tenant gets 404 for everything that is not his, sees none of it and changes none of it")
    void anotherTenant_findsNothing() {
        String before = everything();
        String intruder = portal.newUserKey();
        List<String> wrong = new ArrayList<>();

        walk((method, template, path, body) -> {
            HttpResponse<String> answer = call(intruder, method, path, body);
            if (answer.body().contains(CANARY) || answer.headers().toString().contains(CANARY)) {
                wrong.add(method + " " + path + " shows " + answer.body());
            }
            String name = belongings.getOrDefault("agent's name", "");
            if (!path.contains(name) && !body.contains(name) && answer.body().contains(name)) {
                wrong.add(method + " " + path + " tells the agent's name: " + answer.body());
            }
            boolean names = template.contains("{");
            if (answer.statusCode() >= 500 || (names && answer.statusCode() != 404 && answer.statusCode() != 403)) {
                wrong.add(method + " " + path + " is " + answer.statusCode() + " " + answer.body());
            }
            if (names && answer.statusCode() == 403 && !answer.body().contains("Only an admin")) {
                wrong.add(method + " " + path + " tells that it is there: " + answer.body());
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aCallerWithoutKey_findsNothing() {
        String before = everything();
        List<String> wrong = new ArrayList<>();

        walk((method, template, path, body) -> {
            HttpResponse<String> answer = call("", method, path, body);
            boolean names = template.contains("{");
            boolean hidden = answer.statusCode() == 404 || answer.statusCode() == 401;
            if (answer.body().contains(CANARY) || answer.statusCode() >= 500 || (names && !hidden)) {
                wrong.add(method + " " + path + " is " + answer.statusCode() + " " + answer.body());
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    /** What the victim sees of his own. */
    private String everything() {
        StringBuilder all = new StringBuilder();
        for (String path : List.of(
                "/api/agents", "/api/user", "/api/content", "/api/user/integrations", "/api/user/transactions")) {
            all.append(portal.ok(victim, "GET", path, "")).append('\n');
        }
        JsonNode keys = portal.ok(victim, "GET", "/api/api-keys", "");
        keys.path("keys")
                .forEach(key ->
                        all.append(key.path("id")).append(key.path("name")).append(key.path("isActive")));
        all.append(portal.ok(victim, "POST", "/api/intents/list", "{}").path("intents"));
        assertThat(all.toString()).contains(CANARY);
        return all.toString();
    }

    private HttpResponse<String> call(String key, String method, String path, String body) {
        HttpRequest.Builder request = portal.gateway().request(path, "Content-Type", "application/json");
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        return portal.gateway()
                .send(request.method(method, bodiless ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build());
    }

    /** Every described operation, with each of the victim's ids in every place of its path and its body. */
    private void walk(Visit visit) {
        int[] visits = {0};
        OpenApi.document()
                .path("paths")
                .properties()
                .forEach(entry -> entry.getValue().fieldNames().forEachRemaining(method -> {
                    if (method.equals("parameters")) {
                        return;
                    }
                    for (String id : belongings.values()) {
                        String path = entry.getKey().replaceAll("\\{[^}]+}", id);
                        visit.to(method.toUpperCase(Locale.ROOT), entry.getKey(), path, BODY.formatted(id, victimId));
                        visits[0]++;
                    }
                }));
        assertThat(visits[0]).isGreaterThan(300);
    }

    @FunctionalInterface
    private interface Visit {
        void to(String method, String template, String path, String body);
    }
}
