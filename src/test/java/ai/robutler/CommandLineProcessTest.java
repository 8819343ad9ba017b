package ai.robutler;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.GatewayProcess;
import ai.robutler.support.Json;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in processes of its own, as a shell sees it. */
final class CommandLineProcessTest {
    private static final int CLOSED_PORT = 1;

    @TempDir
    private Path home;

    @BeforeEach
    void copy() throws IOException {
        GatewayProcess.copyShipped(home);
    }

    private GatewayProcess command(Map<String, String> environment, String... arguments) throws IOException {
        return GatewayProcess.start(home, environment, arguments);
    }

    private void assertExit(int status, String... arguments) throws IOException {
        try (GatewayProcess process = command(Map.of("PORT", "" + CLOSED_PORT), arguments)) {
            assertThat(process.awaitExit())
                    .as("%s %s", process.output(), process.errors())
                    .isEqualTo(status);
            if (status > 1) {
                assertThat(process.output()).isEmpty();
                // a newer JDK warns of the database's native library when it is not started from the jar
                assertThat(process.errors())
                        .filteredOn(line -> !line.isBlank() && !line.startsWith("WARNING: "))
                        .hasSize(1);
            }
        }
    }

    @Test
    void exitStatus_isThatOfTheDocumentation() throws IOException {
        assertExit(0, "--help");
        assertExit(2, "agents", "lst");
        assertExit(4, "agents", "list");
    }

    @Test
    void validate_startsNothing_andWritesNoLog() throws Exception {
        Files.writeString(home.resolve("config/agents/bad.yaml"), "modle: x\n");

        try (GatewayProcess process = command(Map.of(), "validate", "-o", "json")) {
            assertThat(process.awaitExit()).isEqualTo(1);
            assertThat(process.errors()).isEmpty();
            assertThat(Json.of(String.join("\n", process.output()))
                            .at("/0/line")
                            .asInt())
                    .isEqualTo(1);
        }
        assertThat(list(home)).containsExactlyInAnyOrder("config", "routes", "kamelets");
    }

    @Test
    void startOfTheServer_loadsNoCommandLine() throws Exception {
        for (String[] arguments : new String[][] {{}, {"run"}}) {
            Path classes = home.resolve("classes.txt");
            Map<String, String> traced = Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes);
            try (GatewayProcess process = command(traced, arguments)) {
                process.awaitPort();
                process.terminate();
                assertThat(process.awaitExit()).isZero();
            }
            try (Stream<String> loaded = Files.lines(classes)) {
                assertThat(loaded.filter(line -> line.contains(" picocli.")
                                || line.contains(" ai.robutler.cli.")
                                || line.contains(" ai.robutler.Application ")))
                        .hasSize(1);
            }
        }
    }

    @Test
    void serverThatIsStartedWithOptions_goesOn_untilItIsStopped() throws Exception {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.move(home.resolve("config"), elsewhere.resolve("config"));
        try (GatewayProcess process =
                command(Map.of("ROBUTLER_PROFILE", "prod"), "dev", "--port", "0", "--config", "elsewhere/config")) {
            process.awaitPort();
            assertThat(process.output().toString()).as("logs of dev are text").doesNotContain("\"message\"");
            process.terminate();
            assertThat(process.awaitExit()).isZero();
        }
    }

    @Test
    void backup_isMadeAndTakenBackWhileTheServerRuns_andRestoredIntoAnotherFolder() throws Exception {
        try (GatewayProcess server = command(Map.of())) {
            String url = "http://localhost:" + server.awaitPort();
            assertExit(0, "backup", "beside.zip");
            assertExit(0, "users", "create", "--name", "Late", "--url", url);
            assertExit(2, "restore", "beside.zip", "--url", url);
            assertExit(0, "restore", "--yes", "beside.zip", "--url", url);
            try (GatewayProcess list = command(Map.of(), "users", "list", "--url", url)) {
                assertThat(list.awaitExit()).isZero();
                assertThat(String.join("\n", list.output())).contains("admin").doesNotContain("Late");
            }
            server.terminate();
            assertThat(server.awaitExit()).isZero();
        }
        assertExit(0, "backup", "all.zip");
        assertExit(1, "backup", "all.zip");
        assertExit(2, "restore", "all.zip");
        assertExit(0, "restore", "all.zip", "--data", "other");
        assertExit(0, "restore", "--yes", "all.zip");
        assertExit(1, "restore", "--yes", "config/models.yaml");

        Files.copy(home.resolve("data/admin-key"), home.resolve("other/admin-key"));
        try (GatewayProcess server = command(Map.of(), "run", "--data", "other")) {
            String url = "http://localhost:" + server.awaitPort();
            assertExit(0, "users", "list", "--url", url, "--api-key-file", "data/admin-key");
        }
    }

    @Test
    void upload_keepsNoMoreThanAPieceInMemory() throws Exception {
        long size = 100L * 1024 * 1024;
        Path file = home.resolve("large.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
        }
        AtomicLong received = new AtomicLong();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/content", exchange -> {
            byte[] piece = new byte[64 * 1024];
            for (int read = exchange.getRequestBody().read(piece);
                    read >= 0;
                    read = exchange.getRequestBody().read(piece)) {
                received.addAndGet(read);
            }
            byte[] answer = "{\"id\":\"f1\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (GatewayProcess process = command(
                Map.of("JDK_JAVA_OPTIONS", "-XX:MaxHeapSize=24m"), "content", "upload", "large.bin", "--url", url)) {
            assertThat(process.awaitExit()).as("%s", process.errors()).isZero();
            assertThat(process.output()).containsExactly("id  f1");
        } finally {
            server.stop(0);
        }
        assertThat(received.get()).isGreaterThan(size);
    }

    private static List<String> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
