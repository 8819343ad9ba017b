package ai.robutler.portal.archive;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.content.Blobs;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/** Backs the portal up and restores it, while it is used. A backup holds digests of keys, never keys. */
public final class Archives {
    private static final Duration LATER = Duration.ofSeconds(60);

    private final Database database;
    private final Path data;
    private final Blobs blobs;
    private final Clock clock;

    /** @param data the data folder */
    public Archives(Database database, Path data, Clock clock) {
        this.database = database;
        this.data = data;
        this.blobs = new Blobs(data.resolve("content"));
        this.clock = clock;
    }

    /** Where files are while they are written or read; nobody else may read it. */
    public static Path drafts(Path data) {
        return data.resolve("archive");
    }

    /** Whether there is anything that a restore would replace. */
    public boolean hasUsers() {
        return database.read(handle -> handle.createQuery("SELECT id FROM users LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .isPresent());
    }

    /**
     * Writes one state of everything into a new file, which only this user may read. When that fails, there is no file.
     *
     * @return rows by their table, then {@code contents} and {@code content_bytes}
     */
    public Map<String, Long> backup(Path file, Progress progress) throws IOException {
        PrivateFiles.makeNewFile(file);
        boolean whole = false;
        try {
            Manifest manifest = database.read(handle -> write(handle, file, progress));
            PrivateFiles.secure(file);
            whole = true;
            return counts(manifest);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Manifest write(Handle handle, Path file, Progress progress) {
        try (OutputStream out = Files.newOutputStream(file);
                BackupWriter writer = new BackupWriter(handle.getConnection(), blobs, out, progress)) {
            return writer.write(clock);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (SQLException failure) {
            throw new IllegalStateException("the copy broke off", failure);
        }
    }

    /**
     * Puts what the file holds in place of everything. Others see what was there before or what is there afterwards; when it
     * fails, everything is as it was.
     *
     * @return as {@link #backup} does
     * @throws ApiException when the file is not a whole backup that this version knows, or there is no room for it
     */
    public Map<String, Long> restore(Path file, Progress progress) throws IOException {
        try (Backup backup = Backup.open(file, progress)) {
            Manifest manifest = backup.manifest();
            PrivateFiles.makeFolder(drafts(data));
            requireRoom(manifest);
            long total = 2 * manifest.bytes();
            Counter done = new Counter(manifest.bytes(), total, progress);
            RestoredContents contents = new RestoredContents(blobs, drafts(data));
            boolean restored = false;
            try {
                contents.put(backup, done);
                database.change(handle -> replace(handle, backup, done));
                restored = true;
            } catch (UncheckedIOException failure) {
                throw failure.getCause();
            } catch (RuntimeException failure) {
                throw Database.isUnfit(failure) ? Backup.refused("its rows do not belong together") : failure;
            } finally {
                if (!restored) {
                    contents.undo();
                }
            }
            contents.put(backup, again -> {}); // what an upload that failed has swept meanwhile
            return counts(manifest);
        }
    }

    private void requireRoom(Manifest manifest) throws IOException {
        long room = Files.getFileStore(data).getUsableSpace();
        if (room < manifest.bytes()) {
            throw ApiException.of(
                            ErrorCode.UNAVAILABLE,
                            "The backup needs " + manifest.bytes() + " bytes on the disk, which has " + room
                                    + "; nothing was changed")
                    .withRetryAfter(LATER);
        }
    }

    private void replace(Handle handle, Backup backup, LongConsumer done) {
        try {
            new RestoredTables(handle.getConnection(), database.address()).replace(backup, done);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (IllegalArgumentException unfit) {
            throw Backup.refused(String.valueOf(unfit.getMessage()));
        } catch (SQLException failure) {
            throw new IllegalStateException("the copy broke off", failure);
        }
    }

    private static Map<String, Long> counts(Manifest manifest) {
        Map<String, Long> counts = new LinkedHashMap<>();
        manifest.tables().forEach(rows -> counts.put(rows.table(), rows.rows()));
        counts.put("contents", manifest.contents());
        counts.put("content_bytes", manifest.contentBytes());
        return counts;
    }

    private static final class Counter implements LongConsumer {
        private final long total;
        private final Progress progress;
        private long done;

        Counter(long done, long total, Progress progress) {
            this.done = done;
            this.total = total;
            this.progress = progress;
        }

        @Override
        public void accept(long bytes) {
            done += bytes;
            progress.at(Math.min(done, total), total);
        }
    }
}
