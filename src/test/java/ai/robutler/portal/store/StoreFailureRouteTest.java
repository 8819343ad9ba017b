package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.robutler.support.Json;
import ai.robutler.support.PostgresProcess;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers get while the database is in trouble, over HTTP: 503, never another answer; and that it ends by itself. */
final class StoreFailureRouteTest {
    private static final int MOST_USERS = 20_000;

    @TempDir
    private Path folder;

    private static HttpResponse<String> create(RunningPortal portal, String name) {
        String email = name + "@example.org";
        return portal.call(
                portal.adminKey(),
                "POST",
                "/api/users",
                "{\"name\":\"" + "n".repeat(190) + "\",\"email\":\"" + email + "\"}");
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        JsonNode error = Json.of(answer);
        assertThat(error.path("code").asText()).isEqualTo("unavailable");
        assertThat(error.path("success").asBoolean(true)).isFalse();
    }

    private static void awaitCreated(RunningPortal portal, String name) {
        RunningGateway.await("a user is made again", () -> create(portal, name).statusCode() == 200);
    }

    /** Makes users until the database is full; returns how many there are then, with the admin. */
    private static long fill(RunningPortal portal) {
        for (int made = 0; made < MOST_USERS; made++) {
            HttpResponse<String> answer = create(portal, "filler" + made);
            if (answer.statusCode() != 200) {
                assertUnavailable(answer);
                return made + 1L;
            }
        }
        throw new AssertionError("it is never full");
    }

    private static long users(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            return statement.executeQuery("SELECT count(*) FROM users").getLong(1);
        }
    }

    @Test
    void sqlite_full_is503ForWritesUntilThereIsRoom() throws Exception {
        Path file = folder.resolve("portal.db");
        try (RunningPortal portal =
                RunningPortal.start(Store.SQLITE, "database.url", "jdbc:sqlite:" + file + "?max_page_count=160")) {
            long made = fill(portal);

            assertThat(users(file)).isEqualTo(made);
            portal.ok(portal.adminKey(), "GET", "/api/user", "");
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM users WHERE email LIKE 'filler%'");
            }
            awaitCreated(portal, "fits");
        }
    }

    @Test
    void sqlite_onAFullDisk_is503ForWritesUntilThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()), "mounting is not permitted");
        try (RunningPortal portal =
                RunningPortal.start(Store.SQLITE, "database.url", "jdbc:sqlite:" + disk.resolve("portal.db"))) {
            Files.write(disk.resolve("other"), new byte[4 << 20]);
            long made = fill(portal);

            portal.ok(portal.adminKey(), "GET", "/api/user", "");
            Files.delete(disk.resolve("other"));
            awaitCreated(portal, "fits");
            assertThat(users(disk.resolve("portal.db"))).isEqualTo(made + 1);
        } finally {
            run("umount", disk.toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    void sqlite_lockedByAnotherProcess_is503ForWrites() throws Exception {
        try (RunningPortal portal = RunningPortal.start(Store.SQLITE, "database.wait", "300ms")) {
            try (OtherProcess locker = OtherProcess.lock(portal.gateway().home().resolve("data/portal.db"))) {
                assertUnavailable(create(portal, "locked"));
                portal.ok(portal.adminKey(), "GET", "/api/user", "");
                locker.end();
            }
            awaitCreated(portal, "locked");
        }
    }

    @Test
    void sqlite_damagedWhileItRuns_is503UntilItIsWhole() throws Exception {
        Path file = folder.resolve("portal.db");
        try (RunningPortal portal =
                RunningPortal.start(Store.SQLITE, "database.url", "jdbc:sqlite:" + file + "?cache_size=1")) {
            create(portal, "before");
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            byte[] whole = Files.readAllBytes(file);
            byte[] damaged = new byte[whole.length];
            Arrays.fill(damaged, (byte) 0x5a);
            System.arraycopy(whole, 0, damaged, 0, 4096);
            Files.write(file, damaged, StandardOpenOption.WRITE);

            for (int i = 0; i < 5; i++) {
                assertUnavailable(create(portal, "damaged" + i));
            }
            Files.write(file, whole, StandardOpenOption.WRITE);
            awaitCreated(portal, "whole");
        }
    }

    @Test
    void postgres_killedAndStartedAgain_is503Between() throws Exception {
        try (PostgresProcess server = PostgresProcess.start();
                RunningPortal portal =
                        RunningPortal.start(Store.SQLITE, "database.url", server.address(), "database.wait", "500ms")) {
            assertThat(create(portal, "before").statusCode()).isEqualTo(200);
            server.kill();

            for (int i = 0; i < 3; i++) {
                assertUnavailable(create(portal, "down"));
            }
            server.restart();
            awaitCreated(portal, "down");
            assertThat(create(portal, "before").statusCode()).isEqualTo(409);
        }
    }

    /** R20. */
    @Test
    void postgres_withoutAFreeConnection_isNever401() throws Exception {
        String address = Store.POSTGRESQL.settings().getOrDefault("database.url", "");
        try (RunningPortal portal = RunningPortal.start(
                Store.SQLITE, "database.url", address, "database.connections", "1", "database.wait", "400ms")) {
            try (Connection connection = DriverManager.getConnection(
                            DatabaseAddress.of(address, folder).jdbcUrl());
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE users, api_keys IN ACCESS EXCLUSIVE MODE");

                List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 12)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() -> create(portal, "locked" + i)))
                        .toList();
                answers.forEach(answer -> assertUnavailable(answer.join()));
                connection.rollback();
            }
            awaitCreated(portal, "free");
        }
    }
}
