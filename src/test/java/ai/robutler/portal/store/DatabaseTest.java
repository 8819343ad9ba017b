package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections, transactions and what keeps them safe, on both databases. */
final class DatabaseTest {
    private static final DatabaseSettings SETTINGS =
            new DatabaseSettings(2, Duration.ofMillis(400), Duration.ofSeconds(2));

    @TempDir
    private Path data;

    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void stopOthers() {
        others.shutdownNow();
    }

    private Database open(Store store) {
        return Database.open(
                DatabaseAddress.of(store.settings().getOrDefault("database.url", ""), data.resolve("new")), SETTINGS);
    }

    private static void insert(Handle handle, String caller) {
        handle.execute("INSERT INTO idempotency VALUES (?, 'key', 'digest', ?, 1)", caller, new byte[] {1});
    }

    private static long count(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM idempotency")
                .mapTo(Long.class)
                .one();
    }

    private static String pragma(Handle handle, String name) {
        return handle.createQuery("PRAGMA " + name).mapTo(String.class).one();
    }

    @Test
    void sqlite_everyConnection_syncsEachCommitAndHoldsForeignKeys() {
        try (Database database = open(Store.SQLITE)) {
            for (Database.Work<List<String>> asked : List.<Database.Work<List<String>>>of(DatabaseTest::pragmas)) {
                assertThat(database.<List<String>>write(asked))
                        .containsExactly("wal", "2", "1", "400", "67108864", "0");
                assertThat(database.<List<String>>read(asked)).containsExactly("wal", "2", "1", "400", "67108864", "1");
            }
        }
    }

    private static List<String> pragmas(Handle handle) {
        return List.of(
                        "journal_mode",
                        "synchronous",
                        "foreign_keys",
                        "busy_timeout",
                        "journal_size_limit",
                        "query_only")
                .stream()
                .map(name -> pragma(handle, name))
                .toList();
    }

    @Test
    void sqlite_filesAreForTheirOwnerOnly() throws Exception {
        try (Database database = open(Store.SQLITE)) {
            database.change(handle -> insert(handle, "a"));

            assertThat(rights(data.resolve("new"))).isEqualTo("rwx------");
            for (String file : List.of("portal.db", "portal.db-wal", "portal.db-shm")) {
                assertThat(rights(data.resolve("new").resolve(file))).as(file).isEqualTo("rw-------");
            }
        }
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void sqlite_afterClose_hasNoLogLeft() {
        try (Database database = open(Store.SQLITE)) {
            database.change(handle -> insert(handle, "a"));
        }

        assertThat(data.resolve("new/portal.db")).exists();
        assertThat(data.resolve("new/portal.db-wal")).doesNotExist();
    }

    @Test
    void sqlite_logOfABigTransaction_isCutAgain() throws Exception {
        Path log = data.resolve("new/portal.db-wal");
        try (Database database = open(Store.SQLITE)) {
            database.change(handle -> {
                byte[] big = new byte[1_000_000];
                for (int i = 0; i < 100; i++) {
                    handle.execute("INSERT INTO idempotency VALUES (?, 'key', 'digest', ?, 1)", "m" + i, big);
                }
            });
            assertThat(Files.size(log)).isGreaterThan(100_000_000);

            database.change(handle -> insert(handle, "next"));
            database.change(handle -> insert(handle, "after that"));

            assertThat(Files.size(log)).isLessThanOrEqualTo(64 * 1024 * 1024);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void read_thatWrites_isRefused(Store store) {
        try (Database database = open(store)) {
            assertThatThrownBy(() -> database.read(handle -> handle.execute("DELETE FROM idempotency")))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void read_whileAnotherWrites_seesOneState(Store store) {
        try (Database database = open(store)) {
            database.change(handle -> insert(handle, "a"));

            List<Long> seen = database.read(handle -> {
                long before = count(handle);
                database.change(other -> insert(other, "b"));
                return List.of(before, count(handle));
            });

            assertThat(seen).containsExactly(1L, 1L);
            assertThat(database.<Long>read(DatabaseTest::count)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void write_thatFails_storesNothing(Store store) {
        try (Database database = open(store)) {
            assertThatThrownBy(() -> database.change(handle -> {
                        insert(handle, "a");
                        throw new IllegalStateException("broken on purpose");
                    }))
                    .hasMessage("broken on purpose");

            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
            database.change(handle -> insert(handle, "a"));
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void write_ofAValueThatIsThere_isADuplicate(Store store) {
        try (Database database = open(store)) {
            database.change(handle -> insert(handle, "a"));

            assertThatThrownBy(() -> database.change(handle -> insert(handle, "a")))
                    .matches(failure -> Database.isDuplicate((RuntimeException) failure));
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void write_whileAllConnectionsWrite_is503AndReadsGoOn(Store store) throws Exception {
        try (Database database = open(store)) {
            int writers = store == Store.SQLITE ? 1 : SETTINGS.connections();
            CountDownLatch busy = new CountDownLatch(writers);
            CountDownLatch done = new CountDownLatch(1);
            List<Future<?>> holding = java.util.stream.IntStream.range(0, writers)
                    .<Future<?>>mapToObj(i -> others.submit(() -> database.change(handle -> {
                        insert(handle, "holder" + i);
                        busy.countDown();
                        awaitUninterrupted(done);
                    })))
                    .toList();
            assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> database.change(handle -> insert(handle, "late")))
                    .isInstanceOfSatisfying(ApiException.class, refused -> {
                        assertThat(refused.code().status()).isEqualTo(503);
                        assertThat(refused.retryAfterSeconds()).isNotNull();
                    });
            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
            done.countDown();
            for (Future<?> each : holding) {
                each.get();
            }
            database.change(handle -> insert(handle, "late"));
            assertThat(database.<Long>read(DatabaseTest::count)).isEqualTo(writers + 1L);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void sqlite_whileAnotherProcessLocks_is503AndStoresNothing() throws Exception {
        try (Database database = open(Store.SQLITE);
                OtherProcess shell = OtherProcess.lock(data.resolve("new/portal.db"))) {
            assertThatThrownBy(() -> database.change(handle -> insert(handle, "a")))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refused -> assertThat(refused.code().status()).isEqualTo(503));

            shell.end();
            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
            database.change(handle -> insert(handle, "a"));
        }
    }

    @Test
    void postgres_deadlock_isDoneAgain() throws Exception {
        try (Database database = open(Store.POSTGRESQL)) {
            database.change(handle -> {
                insert(handle, "a");
                insert(handle, "b");
            });
            AtomicInteger calls = new AtomicInteger();
            CountDownLatch both = new CountDownLatch(2);
            Future<?> one = others.submit(() -> database.change(handle -> crossing(handle, calls, both, "a", "b")));
            Future<?> other = others.submit(() -> database.change(handle -> crossing(handle, calls, both, "b", "a")));
            one.get();
            other.get();

            assertThat(calls).hasValue(3);
        }
    }

    private static void crossing(Handle handle, AtomicInteger calls, CountDownLatch both, String first, String second) {
        handle.execute("SET LOCAL lock_timeout = '10s'");
        calls.incrementAndGet();
        handle.execute("UPDATE idempotency SET answer = ? WHERE caller = ?", new byte[] {2}, first);
        both.countDown();
        awaitUninterrupted(both);
        handle.execute("UPDATE idempotency SET answer = ? WHERE caller = ?", new byte[] {3}, second);
    }

    @Test
    void postgres_statementThatTakesTooLong_is503() {
        try (Database database = open(Store.POSTGRESQL)) {
            assertThatThrownBy(() -> database.read(handle -> handle.createQuery("SELECT 1 FROM pg_sleep(60)")
                            .mapTo(Integer.class)
                            .one()))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refused -> assertThat(refused.code().status()).isEqualTo(503));
        }
    }

    @Test
    void postgres_connectionsThatWereCut_areReplacedAtOnce() {
        try (Database database = open(Store.POSTGRESQL)) {
            database.change(handle -> insert(handle, "a"));
            database.read(DatabaseTest::count);

            database.change(handle -> handle.createQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()")
                    .mapTo(Boolean.class)
                    .list());

            assertThat(database.<Long>read(DatabaseTest::count)).isEqualTo(1);
            RunningGateway.await("a write succeeds", () -> succeeds(database));
        }
    }

    private static boolean succeeds(Database database) {
        try {
            database.change(handle -> handle.execute("DELETE FROM idempotency"));
            return true;
        } catch (ApiException notYet) {
            return false;
        }
    }
}
