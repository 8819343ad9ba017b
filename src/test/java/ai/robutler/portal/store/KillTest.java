package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.key.KeyText;
import ai.robutler.support.GatewayProcess;
import ai.robutler.support.PostgresProcess;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, whole, after the process was killed at a random moment of its writing; and nothing half. */
final class KillTest {
    private static final int MOST_MILLIS = 1200;

    @TempDir
    private Path home;

    private final Random random = new Random();
    private final Writers writers = new Writers();
    private final Map<String, String> environment = new HashMap<>();
    private String database = "";

    @BeforeEach
    void prepare() throws IOException {
        GatewayProcess.copyShipped(home);
        for (String window : List.of("BURST", "MINUTE", "HOUR", "DAY")) {
            environment.put("GATEWAY_RATE_LIMIT_" + window, "0");
        }
        environment.put("PORTAL_SEARCH_SEMANTIC", "false");
        database = "jdbc:sqlite:" + home.resolve("data/portal.db");
    }

    @Test
    void kill_8TimesWhileOthersWrite_losesNothingThatWasAcknowledged() throws Exception {
        killAgainAndAgain(8);
    }

    @Test
    @Tag("long")
    void kill_25TimesWhileOthersWrite_losesNothingThatWasAcknowledged() throws Exception {
        killAgainAndAgain(25);
    }

    @Test
    @Tag("long")
    void killOfPostgres_4TimesWhileOthersWrite_losesNothingThatWasAcknowledged() throws Exception {
        try (PostgresProcess server = PostgresProcess.start()) {
            environment.put("DATABASE_URL", server.address());
            database = DatabaseAddress.of(server.address(), home).jdbcUrl();
            for (int cycle = 0; cycle < 4; cycle++) {
                cycle(() -> {
                    server.kill();
                    server.restart();
                });
                assertNothingIsLost();
            }
        }
    }

    private void killAgainAndAgain(int cycles) throws Exception {
        for (int cycle = 0; cycle < cycles; cycle++) {
            cycle(() -> {});
            assertThat(texts("PRAGMA quick_check")).containsExactly("ok");
            assertThat(texts("PRAGMA foreign_key_check")).isEmpty();
            assertNothingIsLost();
        }
    }

    private interface Disaster {
        void strike() throws IOException;
    }

    private void cycle(Disaster disaster) throws Exception {
        List<Thread> clients = Writers.none();
        try (GatewayProcess server = GatewayProcess.start(home, environment)) {
            int port = server.awaitPort();
            assertThatNoFileIsLeftOver();
            String admin = Files.readString(home.resolve("data/admin-key")).strip();
            CountDownLatch first = writers.start(port, admin, clients);
            assertThat(first.await(30, TimeUnit.SECONDS))
                    .as("%s%n%s", writers.failures(), server.output())
                    .isTrue();
            server.process().waitFor(random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS);
            disaster.strike();
            server.process().destroyForcibly().waitFor();
        }
        for (Thread client : clients) {
            client.join();
        }
        DataLock lock = DataLock.tryTake(home.resolve("data"));
        Objects.requireNonNull(lock, "the lock outlived its process").close();
    }

    /** Holds once the server has started again, which sweeps what an upload left that was not acknowledged. */
    private void assertThatNoFileIsLeftOver() throws Exception {
        Set<String> kept = new HashSet<>(texts("SELECT sha256 FROM content"));
        try (Stream<Path> files = Files.walk(home.resolve("data/content"))) {
            assertThat(files.filter(Files::isRegularFile).map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrderElementsOf(kept);
        }
    }

    private void assertNothingIsLost() throws Exception {
        assertThat(texts("SELECT id FROM users")).containsAll(writers.users());
        assertThat(texts("SELECT lookup FROM api_keys"))
                .containsAll(writers.keys().stream()
                        .map(key -> KeyText.lookup(key).orElseThrow())
                        .toList());
        assertThat(texts("SELECT id FROM agents")).containsAll(writers.agents());
        assertThat(texts("SELECT id FROM content")).containsAll(writers.files());
        assertThat(texts("SELECT id FROM agents a WHERE NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.agent_id = a.id)"
                        + " OR NOT EXISTS (SELECT 1 FROM intents i WHERE i.of_agent = a.id)"))
                .isEmpty();
        for (String sha256 : texts("SELECT sha256 FROM content")) {
            Path file = home.resolve("data/content")
                    .resolve(sha256.substring(0, 2))
                    .resolve(sha256.substring(2, 4))
                    .resolve(sha256);
            assertThat(KeyText.digest(Files.readString(file))).isEqualTo(sha256);
        }
    }

    private Set<String> texts(String query) throws SQLException {
        RunningGateway.await("the database takes connections", this::isReachable);
        Set<String> texts = new HashSet<>();
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    private boolean isReachable() {
        try {
            DriverManager.getConnection(database).close();
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }
}
