package ai.robutler.portal.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.GatewayProcess;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The admin and his key, as an empty portal makes them. */
final class FirstStartTest {

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void firstStart_showsTheKeyOnce_andKeepsItForItsOwnerOnly(@TempDir Path home) throws IOException {
        GatewayProcess.copyShipped(home);
        String key;
        try (GatewayProcess first = GatewayProcess.start(home, Map.of())) {
            first.awaitPort();
            key = Files.readString(home.resolve("data/admin-key")).strip();

            List<String> shown =
                    first.output().stream().filter(line -> line.contains(key)).toList();
            assertThat(shown).hasSize(1);
            assertThat(shown.get(0)).contains("admin");
            assertThat(rights(home.resolve("data"))).isEqualTo("rwx------");
            assertThat(rights(home.resolve("data/admin-key"))).isEqualTo("rw-------");
            first.terminate();
            first.awaitExit();
        }
        try (GatewayProcess second = GatewayProcess.start(home, Map.of())) {
            second.awaitPort();
            assertThat(second.output()).noneMatch(line -> line.contains(key) || line.contains("rok_"));
            assertThat(Files.readString(home.resolve("data/admin-key")).strip()).isEqualTo(key);
        }
    }

    @Test
    void dataFolderThatIsThere_keepsItsRights(@TempDir Path home) throws IOException {
        Path data = Files.createDirectory(home.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        ai.robutler.portal.store.DataLock.take(data).close();

        assertThat(rights(data)).isEqualTo("rwxr-xr-x");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void configuredKey_isTheAdminsAndIsWrittenNowhere(Store store) {
        String key = "operators-own-key-" + System.nanoTime();
        try (FakeModelServer model = new FakeModelServer()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.put("openai.base-url", model.baseUrl());
            settings.put("openai.model", "fake-model");
            settings.put("portal.api-key", key);
            try (RunningGateway gateway = RunningGateway.start(settings, home -> {})) {
                assertThat(gateway.get("/api/users", "X-API-Key", key).statusCode())
                        .isEqualTo(200);
                assertThat(gateway.home().resolve("data/admin-key")).doesNotExist();
            }
        }
    }

    @Test
    void configuredKeyThatIsTooShort_stopsTheStart_andIsNotInTheMessage() {
        assertThatThrownBy(() -> RunningGateway.start(Map.of("portal.api-key", "short-secret"), home -> {}))
                .hasStackTraceContaining("portal.api-key")
                .satisfies(failure -> {
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        assertThat(String.valueOf(cause.getMessage())).doesNotContain("short-secret");
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void secondStart_makesNobody(Store store, @TempDir Path data) {
        DatabaseAddress address = DatabaseAddress.of(store.settings().getOrDefault("database.url", ""), data);
        try (Database database = Database.open(address, 2, Duration.ofSeconds(5))) {
            FirstStart start = new FirstStart(database, new UserRepository(), new KeyRepository(), Clock.systemUTC());

            Optional<String> first = start.makeAdmin(Optional.empty(), data.resolve("admin-key"));
            Optional<String> second = start.makeAdmin(Optional.empty(), data.resolve("admin-key"));

            assertThat(first).isPresent();
            assertThat(second).isEmpty();
        }
    }
}
