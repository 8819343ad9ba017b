package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may see and change whose agents, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentIsolationTest {
    private final RunningPortal portal;
    private final String name = "i-" + UUID.randomUUID();
    private final String owner;
    private final String stranger;

    AgentIsolationTest(Store store) {
        portal = RunningPortal.shared(store);
        owner = portal.newUserKey();
        stranger = portal.newUserKey();
    }

    private JsonNode create(boolean isPublic) {
        return portal.ok(
                owner,
                "POST",
                "/api/agents",
                "{\"name\":\"" + name + "\",\"instructions\":\"secret plan\",\"isPublic\":" + isPublic + "}");
    }

    private void cannotChange(String which) {
        for (String method : List.of("PUT", "PATCH")) {
            portal.refused(404, stranger, method, "/api/agents/" + which, "{\"model\":\"stolen\"}");
            // even where the body is wrong: that would tell that the agent is there
            portal.refused(404, stranger, method, "/api/agents/" + which, "{\"model\":7}");
        }
        portal.refused(404, stranger, "DELETE", "/api/agents/" + which, "");
        portal.refused(404, stranger, "GET", "/api/agents/" + which + "/api-key", "");
        portal.refused(404, stranger, "POST", "/api/agents/" + which + "/api-key", "");
    }

    @Test
    void privateAgent_isNotThereForOthers() {
        String id = create(false).path("id").asText();

        for (String which : List.of(id, name)) {
            JsonNode error = portal.refused(404, stranger, "GET", "/api/agents/" + which, "");
            JsonNode missing = portal.refused(404, stranger, "GET", "/api/agents/no" + which.substring(2), "");
            assertThat(error.toString().replace(which, "?"))
                    .isEqualTo(missing.toString().replace("no" + which.substring(2), "?"));
            portal.refused(404, stranger, "GET", "/api/agents/" + which + "/intents", "");
            cannotChange(which);
        }
        portal.refused(404, stranger, "GET", "/api/agents/by-name/" + name, "");
        portal.refused(404, stranger, "GET", "/api/agents/public/" + name, "");
        portal.refused(404, "", "GET", "/api/agents/public/" + name, "");
        assertThat(portal.ok(stranger, "GET", "/api/agents", "").path("agents")).isEmpty();
    }

    @Test
    void privateAgent_isThereForItsOwnerAndForAdmins() {
        JsonNode agent = create(false).path("agent");

        assertThat(portal.ok(owner, "GET", "/api/agents", "").at("/agents/0")).isEqualTo(agent);
        assertThat(portal.ok(owner, "GET", "/api/agents/" + name, "").path("agent"))
                .isEqualTo(agent);
        assertThat(portal.ok(portal.adminKey(), "GET", "/api/agents/" + name, "")
                        .path("agent"))
                .isEqualTo(agent);
        portal.refused(404, owner, "GET", "/api/agents/public/" + name, "");
    }

    @Test
    void publicAgent_canBeReadByOthersAndNotChanged() {
        JsonNode made = create(true);
        String id = made.path("id").asText();

        for (String which : List.of(id, name)) {
            assertThat(portal.ok(stranger, "GET", "/api/agents/" + which, "").path("agent"))
                    .isEqualTo(made.path("agent"));
            cannotChange(which);
        }

        assertThat(portal.ok(owner, "GET", "/api/agents/" + name, "").path("agent"))
                .isEqualTo(made.path("agent"));
    }

    @Test
    void admin_changesAnAgent_andItStaysItsOwners() {
        JsonNode made = create(false);

        JsonNode changed = portal.ok(portal.adminKey(), "PATCH", "/api/agents/" + name, "{\"model\":\"m\"}");

        assertThat(changed.path("ownerId")).isEqualTo(made.path("ownerId"));
        assertThat(portal.ok(owner, "GET", "/api/agents/" + name, "")
                        .path("model")
                        .asText())
                .isEqualTo("m");
    }

    @Test
    void owner_cannotBeSent() {
        String other =
                portal.ok(stranger, "GET", "/api/user", "").at("/user/id").asText();

        JsonNode made = portal.ok(
                owner,
                "POST",
                "/api/agents",
                "{\"name\":\"" + name + "\",\"instructions\":\"x\",\"userId\":\"" + other + "\",\"ownerId\":\"" + other
                        + "\",\"id\":\"mine\"}");

        assertThat(made.path("ownerId").asText()).isNotEqualTo(other);
        assertThat(made.path("id").asText()).isNotEqualTo("mine");
    }

    @Test
    void everyCall_withoutKey_is401() {
        create(true);
        for (String path : List.of("/api/agents", "/api/agents/" + name, "/api/agents/by-name/" + name)) {
            portal.refused(401, "", "GET", path, "");
        }
        portal.refused(401, "", "PUT", "/api/agents/" + name, "{}");
        portal.refused(401, "", "PATCH", "/api/agents/" + name, "{}");
        portal.refused(401, "", "DELETE", "/api/agents/" + name, "");
        portal.refused(401, "", "GET", "/api/agents/" + name + "/api-key", "");
        portal.refused(401, "", "GET", "/api/agents/" + name + "/intents", "");
        portal.refused(401, "", "POST", "/api/agents/" + name + "/api-key", "");
    }
}
