package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import ai.robutler.support.Json;
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
    void wrongKey_is3() {
        Result result = run("users", "create", "--name", "Ada", "--api-key", "rok_wrong");

        assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.err())
                .contains("(401)", "valid key")
                .doesNotContain("rok_wrong")
                .hasLineCount(1);
    }
}
