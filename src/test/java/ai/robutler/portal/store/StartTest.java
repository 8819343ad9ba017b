package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.GatewayProcess;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that cannot be: one line says why, and what to do; the process ends with 1. */
final class StartTest {
    @TempDir
    private Path home;

    private Path data = Path.of("");

    @BeforeEach
    void copy() throws Exception {
        GatewayProcess.copyShipped(home);
        data = Files.createDirectory(home.resolve("data"));
    }

    private void assertRefused(Map<String, String> environment, String... parts) throws Exception {
        try (GatewayProcess process = GatewayProcess.start(home, environment)) {
            assertThat(process.awaitExit()).isEqualTo(1);
            assertThat(process.output().stream().filter(line -> line.contains("cannot start")))
                    .as("%s%n%s", process.output(), process.errors())
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).contains(parts));
            assertThat(String.join("\n", process.output()))
                    .doesNotContain("\tat ")
                    .doesNotContain("secret");
        }
    }

    private void database() {
        Database.open(
                        DatabaseAddress.of("", data),
                        new DatabaseSettings(1, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .close();
    }

    @Test
    void start_onAFileThatIsNoDatabase_saysSo() throws Exception {
        Files.writeString(data.resolve("portal.db"), "what is no database ".repeat(500));

        assertRefused(Map.of(), "portal.db", "is no SQLite database", "restore");
    }

    @Test
    void start_onADamagedDatabase_saysSo() throws Exception {
        database();
        byte[] bytes = Files.readAllBytes(data.resolve("portal.db"));
        Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
        Files.write(data.resolve("portal.db"), bytes);

        assertRefused(Map.of(), "portal.db", "is damaged", "restore");
    }

    @Test
    void start_onADatabaseOfANewerVersion_saysSo() throws Exception {
        database();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("portal.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO flyway_schema_history SELECT 99, '99', 'later', type, 'V099__later.sql',"
                            + " 1, installed_by, installed_on, 1, 1 FROM flyway_schema_history LIMIT 1");
        }

        assertRefused(Map.of(), "made by a newer version", "99");
    }

    @Test
    void start_whereNothingCanBeWritten_saysSo() throws Exception {
        Path file = Files.createFile(home.resolve("file"));

        assertRefused(Map.of("ROBUTLER_DATA", file.resolve("data").toString()), "cannot write", "robutler.data");
    }

    @Test
    void start_withAnAddressThatIsNone_saysSo() throws Exception {
        assertRefused(Map.of("DATABASE_URL", "mysql://ann:secret@db/x"), "DATABASE_URL", "postgresql://");
    }

    @Test
    void start_whereThePostgresIsNot_saysSoAfterTheWait() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertRefused(
                Map.of("DATABASE_URL", "postgresql://ann:secret@localhost:" + port + "/x", "DATABASE_WAIT", "1s"),
                "cannot connect to PostgreSQL localhost:" + port + "/x",
                "DATABASE_URL");
    }

    @Test
    void start_ofASecondProcess_isRefusedUntilTheFirstIsKilled() throws Exception {
        try (GatewayProcess first = GatewayProcess.start(home, Map.of())) {
            first.awaitPort();
            assertRefused(Map.of(), "another process uses the data folder", "robutler.data");
            first.process().destroyForcibly().waitFor();
            try (GatewayProcess second = GatewayProcess.start(home, Map.of())) {
                assertThat(second.awaitPort()).isPositive();
            }
        }
    }
}
