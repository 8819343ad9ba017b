package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the clients of both generations do with agents, by their own rules of what an answer is. */
@ParameterizedClass
@EnumSource(Store.class)
final class OldClientsTest {
    private static final int TRIES = 3;

    private final RunningPortal portal;
    private final String name = "data-analyst-" + UUID.randomUUID();
    private final String key;

    OldClientsTest(Store store) {
        portal = RunningPortal.shared(store);
        key = portal.newUserKey();
    }

    /** The first generation: any 2xx is a success, its JSON is the result; else the text is in {@code error}. */
    private JsonNode first(String method, String path, String json) {
        HttpResponse<String> answer = portal.call(key, method, path, json);
        if (answer.statusCode() / 100 == 2) {
            return Json.of(answer);
        }
        JsonNode text = Json.of(answer).path("error");
        assertThat(text.isTextual()).as(answer.body()).isTrue();
        throw new IllegalStateException(answer.statusCode() + " " + text.asText());
    }

    /** The second generation: 200 and nothing else is a success, the body must be a JSON object; 5xx is repeated. */
    private ObjectNode second(String method, String path, String json) {
        HttpResponse<String> answer = portal.call(key, method, path, json);
        for (int i = 1; i < TRIES && answer.statusCode() >= 500; i++) {
            answer = portal.call(key, method, path, json);
        }
        if (answer.statusCode() != 200) {
            JsonNode body = Json.of(answer);
            throw new IllegalStateException(
                    answer.statusCode() + " " + body.path("message").asText());
        }
        assertThat(Json.of(answer)).isInstanceOf(ObjectNode.class);
        return (ObjectNode) Json.of(answer);
    }

    @Test
    void firstGeneration_createsGetsAndListsAgents() {
        JsonNode made = first("POST", "/api/agents", """
                {"name":"%s","description":"Specialized in data analysis","instructions":"You are an expert…",
                 "model":"gpt-4o","credits_per_token":15,"tools":["pandas_analysis","chart_generation"]}""".formatted(name));
        assertThat(made.path("id").asText()).isNotEmpty();
        assertThat(made.path("url").asText()).endsWith("/" + name);

        JsonNode got = first("GET", "/api/agents/" + made.path("id").asText(), "");
        assertThat(got.path("name").asText()).isEqualTo(name);
        assertThat(got.path("instructions").asText()).startsWith("You are");
        assertThat(got.path("model").asText()).isEqualTo("gpt-4o");
        assertThat(got.path("creditsPerToken").asInt()).isEqualTo(15);

        List<String> names = new ArrayList<>();
        first("GET", "/api/agents", "").path("agents").forEach(agent -> {
            assertThat(agent.path("description").asText()).isNotEmpty();
            assertThat(agent.path("url").asText()).isNotEmpty();
            names.add(agent.path("name").asText());
        });
        assertThat(names).containsExactly(name);
    }

    @Test
    void firstGeneration_readsTheTextOfAnError() {
        String body = "{\"name\":\"" + name + "\",\"instructions\":\"x\"}";
        first("POST", "/api/agents", body);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> first("POST", "/api/agents", body))
                .hasMessageStartingWith("409 The name '" + name + "' is taken");
    }

    @Test
    void secondGeneration_createsFindsChangesAndDeletesAgents() {
        ObjectNode made = second("POST", "/api/agents", """
                {"name":"%s","instructions":"You are a data analysis expert.","model":"gpt-4o",
                 "description":"Specialized in data analysis","isPublic":true,"canTalkToOtherAgents":true,
                 "api_key_encrypted":"x","is_active":true}""".formatted(name));
        String id = made.at("/agent/id").asText();

        assertThat(second("GET", "/api/agents/by-name/" + name, "")
                        .at("/agent/id")
                        .asText())
                .isEqualTo(id);
        assertThat(second("GET", "/api/agents", "")
                        .at("/agents/0/canTalkToOtherAgents")
                        .asBoolean())
                .isTrue();
        ObjectNode changed =
                second("PUT", "/api/agents/" + id, "{\"greetingMessage\":\"Hi\",\"other_agents_can_talk\":true}");
        assertThat(changed.at("/agent/greetingMessage").asText()).isEqualTo("Hi");
        assertThat(changed.at("/agent/otherAgentsCanTalk").asBoolean()).isTrue();
        assertThat(second("POST", "/api/agents/" + id + "/api-key", "{}")
                        .path("rawKey")
                        .asText())
                .startsWith("rok_");
        assertThat(second("DELETE", "/api/agents/" + id, "").path("success").asBoolean())
                .isTrue();
    }

    @Test
    void secondGeneration_readsTheTextOfAnError() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> second("GET", "/api/agents/" + name, ""))
                .hasMessageStartingWith("404 There is no agent '" + name + "'");
    }
}
