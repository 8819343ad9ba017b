package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which key is sent, where to, and that it is never shown. */
final class ApiKeySourceTest {
    private final FakePortal portal = new FakePortal();

    @TempDir
    private Path data;

    private TestHost host() {
        portal.answer(200, "{}");
        return new TestHost(portal.port(), data);
    }

    private void adminKey(String text) throws IOException {
        Files.writeString(data.resolve("admin-key"), text);
    }

    @AfterEach
    void close() {
        portal.close();
    }

    @Test
    void typed_isOverEnvironment_isOverTheAdminsFile() throws IOException {
        adminKey("rok_admin\n");
        Path file = Files.writeString(data.resolve("k"), " rok_file \n");

        host().run("agents", "get", "a");
        assertThat(portal.last().key()).isEqualTo("Bearer rok_admin");
        host().with("ROBUTLER_API_KEY", "rok_2").run("agents", "get", "a");
        assertThat(portal.last().key()).isEqualTo("Bearer rok_2");
        host().with("ROBUTLER_API_KEY", "rok_2")
                .with("WEBAGENTS_API_KEY", "rok_1")
                .run("agents", "get", "a");
        assertThat(portal.last().key()).isEqualTo("Bearer rok_1");
        host().with("WEBAGENTS_API_KEY", "rok_1").run("agents", "get", "a", "--api-key-file", file.toString());
        assertThat(portal.last().key()).isEqualTo("Bearer rok_file");
        host().with("WEBAGENTS_API_KEY", "rok_1").run("agents", "get", "a", "--api-key", "rok_typed");
        assertThat(portal.last().key()).isEqualTo("Bearer rok_typed");
    }

    @Test
    void withoutAnyKey_noneIsSent() {
        host().run("agents", "get", "a");

        assertThat(portal.last().headers()).doesNotContainKey("Authorization");
    }

    @Test
    void adminsFile_isForThisMachineOnly() throws IOException {
        adminKey("rok_admin");
        ApiKeySource source = new ApiKeySource(host(), null, null);

        assertThat(source.find(true)).isEqualTo("rok_admin");
        assertThat(source.find(false)).isEmpty();
    }

    @Test
    void adminsFile_isNotSentToAnAddressOfThisMachineThatIsNotLoopback() throws IOException {
        adminKey("rok_admin");

        Result result = host().run("agents", "get", "a", "--url", "http://localhost.example.invalid:" + portal.port());

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(portal.requests()).isEmpty();
    }

    @Test
    void bothOptions_areAUsageError() {
        assertThat(host().run("agents", "get", "a", "--api-key", "x", "--api-key-file", "y")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void fileThatIsMissingOrTooLongOrBroken_isToldWithoutWhatItHolds() throws IOException {
        Path broken = Files.writeString(data.resolve("b"), "two canary words");
        Path empty = Files.writeString(data.resolve("e"), "\n");
        Path large = Files.writeString(data.resolve("l"), "canary".repeat(1_000));
        for (String file :
                new String[] {"nowhere", data.toString(), broken.toString(), empty.toString(), large.toString()}) {
            Result result = host().run("agents", "get", "a", "--api-key-file", file);
            assertThat(result.exitCode()).as(file).isIn(ExitCode.FAILED, ExitCode.USAGE);
            assertThat(result.err()).contains(file).doesNotContain("canary").hasLineCount(1);
        }
        assertThat(portal.requests()).isEmpty();
    }

    @Test
    void key_isInNoOutput_evenIfTheServerRepeatsIt() {
        TestHost host = new TestHost(portal.port(), data);
        portal.answer(401, "{\"message\":\"wrong key strange-canary or Bearer strange-canary\"}");

        Result result = host.run("agents", "get", "a", "--api-key", "strange-canary");

        assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.out() + result.err()).doesNotContain("canary").contains("valid key");
    }
}
