package ai.robutler;

import ai.robutler.api.ApiException;
import ai.robutler.cli.Archive;
import ai.robutler.cli.ExitCode;
import ai.robutler.cli.Failure;
import ai.robutler.portal.archive.Archives;
import ai.robutler.portal.store.DamagedDatabaseException;
import ai.robutler.portal.store.DataLock;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Map;
import java.util.function.BiConsumer;

/** Backups and restores of this machine's data folder, without asking a server. */
final class LocalArchive implements Archive {
    private final Settings settings;
    private final Path data;
    private final DatabaseAddress address;

    LocalArchive(Settings settings) {
        this.settings = settings;
        this.data = settings.path("robutler.data");
        this.address = DatabaseAddress.of(settings.text("database.url"), data);
    }

    /** Works beside a running server, too: it only reads. */
    @Override
    public Map<String, Long> backup(Path file, BiConsumer<Long, Long> progress) throws IOException {
        if (!isThere()) {
            throw new Failure(ExitCode.FAILED, "there is no data in " + data + "; name the folder with --data");
        }
        try (Database database = open()) {
            return new Archives(database, data, Clock.systemUTC()).backup(file, progress::accept);
        } catch (ApiException | IllegalStateException failure) {
            throw told(failure);
        }
    }

    @Override
    public boolean hasData() {
        if (!isThere()) {
            return false;
        }
        try (Database database = open()) {
            return new Archives(database, data, Clock.systemUTC()).hasUsers();
        } catch (DamagedDatabaseException damaged) {
            return true;
        } catch (ApiException | IllegalStateException failure) {
            throw told(failure);
        }
    }

    @Override
    public boolean isServed() {
        try (DataLock lock = DataLock.tryTake(data)) {
            return lock == null;
        }
    }

    /** Keeps a damaged database file beside the new one. */
    @Override
    public Map<String, Long> restore(Path file, BiConsumer<Long, Long> progress) throws IOException {
        try (DataLock lock = DataLock.tryTake(data)) {
            if (lock == null) {
                throw new Failure(
                        ExitCode.FAILED,
                        "a server uses " + data + "; stop it first, or send it the backup: POST /api/admin/restore");
            }
            try (Database database = openAnyway()) {
                return new Archives(database, data, Clock.systemUTC()).restore(file, progress::accept);
            }
        } catch (ApiException | IllegalStateException failure) {
            throw told(failure);
        }
    }

    private boolean isThere() {
        return address.postgres() || Files.exists(address.file());
    }

    private Database openAnyway() throws IOException {
        try {
            return open();
        } catch (DamagedDatabaseException damaged) {
            String mark = ".damaged-" + System.currentTimeMillis();
            for (String end : new String[] {"", "-wal", "-shm"}) {
                Path part = Path.of(address.file() + end);
                if (Files.exists(part)) {
                    Files.move(part, Path.of(address.file() + mark + end), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return open();
        }
    }

    private Database open() {
        return Database.open(
                address,
                new DatabaseSettings(
                        settings.integer("database.connections", 1),
                        settings.duration("database.wait"),
                        settings.duration("database.timeout")));
    }

    private static Failure told(RuntimeException failure) {
        return new Failure(ExitCode.FAILED, String.valueOf(failure.getMessage()));
    }
}
