package ai.robutler.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The JavaScript clients: runs {@code src/test/conformance/npm} with Node, its libraries as the lock file has them. */
@Tag("conformance")
final class NpmClientsConformanceTest {
    private static final Path SCRIPTS = Path.of("src/test/conformance/npm");
    private static final Path FOLDER = Path.of("target/conformance-npm").toAbsolutePath();
    private static final Duration INSTALL = Duration.ofMinutes(5);
    private static final Duration RUN = Duration.ofMinutes(5);
    private static final int OLDEST_NODE = 20;

    /** The end of a process: its exit code and all that it wrote. */
    private record Ended(int code, String output) {}

    @Test
    void clients_findWhatTheyRelyOn() throws Exception {
        assumeTrue(
                nodeVersion() >= OLDEST_NODE, "Skipped: needs Node " + OLDEST_NODE + " or newer, and npm, on the PATH");
        install();
        try (Scenarios scenarios = new Scenarios()) {
            Ended tests = run(RUN, scenarios.root(), "node", "--test", "--test-reporter=spec", "conformance.mjs");
            System.out.println(tests.output());
            assertThat(tests.code()).as(tests.output()).isZero();
            scenarios.model().awaitIdle(Duration.ofSeconds(10));
        }
    }

    /** The major version; 0 when there is no Node or no npm. */
    private static int nodeVersion() throws InterruptedException {
        try {
            Files.createDirectories(FOLDER);
            boolean npm = run(INSTALL, "", "npm", "--version").code() == 0;
            String version = run(INSTALL, "", "node", "--version").output();
            return npm ? Integer.parseInt(version.strip().replaceFirst("v(\\d+).*", "$1")) : 0;
        } catch (IOException absent) {
            return 0;
        }
    }

    private static void install() throws IOException, InterruptedException {
        for (String file : List.of("package.json", "package-lock.json", "conformance.mjs")) {
            Files.copy(SCRIPTS.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Ended install =
                run(INSTALL, "", "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
        assertThat(install.code()).as(install.output()).isZero();
    }

    private static Ended run(Duration bound, String gatewayUrl, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(FOLDER, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("GATEWAY_URL", gatewayUrl);
        Process process = builder.start();
        Optional<Integer> code = process.waitFor(bound.toSeconds(), TimeUnit.SECONDS)
                ? Optional.of(process.exitValue())
                : Optional.empty();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        return new Ended(code.orElse(-1), code.isPresent() ? text : text + "\nNot done after " + bound);
    }
}
