package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import ai.robutler.support.Json;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against the real portal. */
final class PortalCommandsTest {
    private final RunningPortal portal = RunningPortal.shared(Store.SQLITE);

    @TempDir
    private Path data;

    @BeforeEach
    void adminKey() throws IOException {
        Files.writeString(data.resolve("admin-key"), portal.adminKey() + "\n");
    }

    private Result run(String... arguments) {
        return new TestHost(portal.gateway().port(), data).run(arguments);
    }

    /** What was written a moment ago is found as soon as the index has it. */
    private void awaitIndex() {
        RunningGateway.await("everything stored can be found", () -> {
            JsonNode health = portal.ok(portal.adminKey(), "GET", "/api/intents/health", "");
            return health.path("ready").asBoolean() && health.path("waiting").asInt() == 0;
        });
    }

    private JsonNode json(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "-o";
        all[arguments.length + 1] = "json";
        Result result = run(all);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return Json.of(result.out());
    }

    @Test
    void user_isMade_onceForAnAddress() {
        JsonNode user = json("users", "create", "--name", "Ada", "--email", "ada@cli.example.org", "--role", "admin");

        assertThat(user.path("name").asText()).isEqualTo("Ada");
        assertThat(user.path("role").asText()).isEqualTo("admin");
        Result again = run("users", "create", "--name", "Ada", "--email", "ada@cli.example.org");
        assertThat(again.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(again.err()).contains("(409)", "e-mail address").hasLineCount(1);
    }

    @Test
    void user_isShown_changed_andListed() {
        String id = json("users", "create", "--name", "Bob").path("id").asText();

        assertThat(json("users", "get", id).path("name").asText()).isEqualTo("Bob");
        assertThat(json("users", "update", id, "--name", "Bobby").path("name").asText())
                .isEqualTo("Bobby");
        assertThat(json("users", "list", "--all").findValuesAsText("name")).contains("admin", "Bobby");
    }

    @Test
    void key_isMade_rotated_andRevoked() {
        JsonNode made = json("keys", "create", "--name", "ci", "--expires-in-days", "3", "--permission", "read");
        String id = made.path("id").asText();
        assertThat(made.path("rawKey").asText()).startsWith("rok_");
        assertThat(json("keys", "list").findValuesAsText("id")).contains(id);
        assertThat(run("agents", "list", "--api-key", made.path("rawKey").asText())
                        .exitCode())
                .isZero();

        JsonNode rotated = json("keys", "rotate", id, "--grace", "0");
        assertThat(run("agents", "list", "--api-key", made.path("rawKey").asText())
                        .exitCode())
                .isEqualTo(ExitCode.REFUSED);
        String second = rotated.path("id").asText();
        assertThat(json("keys", "stats", second).path("requests").isNumber()).isTrue();
        assertThat(run("keys", "revoke", second).err()).isEqualTo("revoked key " + second + "\n");
        assertThat(json("keys", "get", second).path("isActive").asBoolean()).isFalse();
        assertThat(run("agents", "list", "--api-key", rotated.path("rawKey").asText())
                        .exitCode())
                .isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void agent_isMade_changed_found_andDeleted() {
        JsonNode made = json(
                "agents", "create", "--name", "cli-poet", "--instructions", "Rhyme.", "--intent", "writes limericks");
        assertThat(made.path("rawApiKey").asText()).startsWith("rok_");

        assertThat(json("agents", "update", "cli-poet", "--description", "Rhymes", "--public")
                        .path("isPublic")
                        .asBoolean())
                .isTrue();
        assertThat(json("agents", "get", "cli-poet").path("description").asText())
                .isEqualTo("Rhymes");
        awaitIndex();
        assertThat(json("agents", "search", "writes limericks", "--mode", "text")
                        .findValuesAsText("name"))
                .contains("cli-poet");
        assertThat(json("agents", "rotate-key", "cli-poet").path("rawKey").asText())
                .startsWith("rok_");
        assertThat(run("agents", "create", "--name", "cli-poet", "--instructions", "Rhyme.")
                        .exitCode())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run("agents", "delete", "cli-poet").exitCode()).isZero();
        assertThat(run("agents", "get", "cli-poet").exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void lists_goOnBehindThePage() {
        for (int i = 0; i < 3; i++) {
            json("agents", "create", "--name", "cli-many-" + i, "--instructions", "Hi");
        }

        Result two = run("agents", "list", "--limit", "2");

        assertThat(two.lines()).hasSize(3);
        assertThat(two.err()).startsWith("2 shown, there are more");
        assertThat(json("agents", "list", "--all").findValuesAsText("name"))
                .contains("cli-many-0", "cli-many-1", "cli-many-2");
    }

    @Test
    void intent_isPublished_listed_found_andTakenBack() {
        json("agents", "create", "--name", "cli-cook", "--instructions", "Cook.");
        JsonNode published = json(
                "intents",
                "publish",
                "--agent",
                "cli-cook",
                "--agent-url",
                "http://localhost:8000/cli-cook",
                "--description",
                "Cooks",
                "bakes sourdough bread");
        String id = published.at("/0/intent_id").asText();

        assertThat(json("intents", "list", "--agent", "cli-cook").findValuesAsText("intent"))
                .contains("bakes sourdough bread");
        awaitIndex();
        assertThat(json("intents", "search", "bakes sourdough bread", "--mode", "text")
                        .findValuesAsText("intent"))
                .contains("bakes sourdough bread");
        assertThat(run("intents", "delete", id).exitCode()).isZero();
        assertThat(run("intents", "delete", id).exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void file_goesUp_andComesDownTheSame() throws IOException {
        byte[] bytes = new byte[300_000];
        new java.util.SplittableRandom(7).nextBytes(bytes);
        Path file = Files.write(data.resolve("noise.bin"), bytes);
        Path back = data.resolve("back.bin");

        JsonNode stored = json("content", "upload", file.toString(), "--tag", "cli-noise", "--description", "Noise");
        String id = stored.path("id").asText();

        assertThat(stored.path("size").asLong()).isEqualTo(bytes.length);
        assertThat(stored.path("visibility").asText()).isEqualTo("private");
        assertThat(json("content", "list", "--tag", "cli-noise").findValuesAsText("id"))
                .containsExactly(id);
        assertThat(run("content", "download", id, "--to", back.toString()).exitCode())
                .isZero();
        assertThat(back).hasBinaryContent(bytes);
        assertThat(run("content", "delete", id).exitCode()).isZero();
        assertThat(run("content", "get", id).exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void wrongKey_is3() {
        Result result = run("users", "create", "--name", "Ada", "--api-key", "rok_wrong");

        assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.err())
                .contains("(401)", "valid key")
                .doesNotContain("rok_wrong")
                .hasLineCount(1);
    }
}
