package ai.robutler;

import ai.robutler.api.ApiException;
import ai.robutler.cli.Archive;
import ai.robutler.cli.ExitCode;
import ai.robutler.cli.Failure;
import ai.robutler.portal.archive.Archives;
import ai.robutler.portal.store.DataLock;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.BiConsumer;

/** The data of a portal that is not running. */
final class LocalArchive implements Archive {
    private final Settings settings;
    private final Path data;
    private final DatabaseAddress address;

    LocalArchive(Settings settings) {
        this.settings = settings;
        this.data = settings.path("robutler.data");
        this.address = DatabaseAddress.of(settings.text("database.url"), data);
    }

    @Override
    public Map<String, Long> backup(Path file, BiConsumer<Long, Long> progress) throws IOException {
        if (!hasData()) {
            throw new Failure(
                    ExitCode.FAILED,
                    "there is no database " + address.shown() + "; name the folder of the data with --data");
        }
        return copy(archives -> archives.backup(file, progress::accept));
    }

    /** What a server has on PostgreSQL is taken for data, whatever it is. */
    @Override
    public boolean hasData() {
        return address.postgres() || Files.exists(address.file());
    }

    @Override
    public Map<String, Long> restore(Path file, BiConsumer<Long, Long> progress) throws IOException {
        return copy(archives -> archives.restore(file, progress::accept));
    }

    private Map<String, Long> copy(Copying copying) throws IOException {
        try (DataLock lock = DataLock.take(data);
                Database database = Database.open(address, PortalConfiguration.databaseSettings(settings))) {
            return copying.copy(new Archives(database, data, Clock.systemUTC()));
        } catch (ApiException | IllegalStateException failure) {
            throw new Failure(ExitCode.FAILED, String.valueOf(failure.getMessage()));
        }
    }

    @FunctionalInterface
    private interface Copying {
        Map<String, Long> copy(Archives archives) throws IOException;
    }
}
