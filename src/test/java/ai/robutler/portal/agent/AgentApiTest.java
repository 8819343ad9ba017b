package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The registry of agents, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentApiTest {
    private final RunningPortal portal;
    private final String name = "a-" + UUID.randomUUID();

    AgentApiTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    private String body(String more) {
        return "{\"name\":\"" + name + "\",\"instructions\":\"Be brief.\"" + more + "}";
    }

    @Test
    void create_givesTheAgentTwiceAndItsKeyOnce() {
        JsonNode made = portal.ok(portal.adminKey(), "POST", "/api/agents", body(""));

        JsonNode agent = made.path("agent");
        assertThat(agent.path("name").asText()).isEqualTo(name);
        assertThat(made.path("name")).isEqualTo(agent.path("name"));
        assertThat(agent.path("url").asText()).isEqualTo("http://localhost:" + portal.gateway().port() + "/" + name);
        assertThat(made.path("rawApiKey").asText()).startsWith("rok_");
        assertThat(portal.ok(made.path("rawApiKey").asText(), "GET", "/api/agents/" + name, ""))
                .isEqualTo(((com.fasterxml.jackson.databind.node.ObjectNode) made.deepCopy()).without("rawApiKey"));
    }

    @Test
    void delete_isGone() {
        portal.ok(portal.adminKey(), "POST", "/api/agents", body(""));
        portal.ok(portal.adminKey(), "PATCH", "/api/agents/" + name, "{\"model\":\"x\"}");
        portal.ok(portal.adminKey(), "GET", "/api/agents", "");
        portal.ok(portal.adminKey(), "DELETE", "/api/agents/" + name, "");
        portal.refused(404, portal.adminKey(), "GET", "/api/agents/" + name, "");
    }
}
