package ai.robutler.portal.content;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.store.Database;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files and their contents together: a content goes to the disk before the first file that has it is stored, and
 * away after the last one is gone. What a killed process leaves in between, the next start sweeps.
 */
final class ContentStore {
    private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);
    private static final Duration FULL_WAIT = Duration.ofSeconds(60);
    private static final int LOCKS = 64;

    private final Database database;
    private final ContentRepository files;
    private final Blobs blobs;
    /** One for the contents whose names begin alike, so that none goes while it comes again. */
    private final List<Lock> locks =
            Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList();

    ContentStore(Database database, ContentRepository files, Blobs blobs) {
        this.database = database;
        this.files = files;
        this.blobs = blobs;
    }

    Path path(ContentFile file) {
        return blobs.path(file.sha256());
    }

    /**
     * Keeps an upload's content, and has what tells of it stored. Fails with 503 when the disk is full; then nothing is
     * kept.
     *
     * @param upload is moved away, unless its content is there already
     * @param insert stores the file in a transaction of its own
     */
    ObjectNode keep(Path upload, ContentFile file, Supplier<ObjectNode> insert) {
        secure(upload);
        Lock lock = lock(file.sha256());
        lock.lock();
        try {
            blobs.put(upload, file.sha256(), file.size());
            return insert.get();
        } catch (IOException failure) {
            throw notStored(failure);
        } finally {
            dropUnused(file.sha256());
            lock.unlock();
        }
    }

    private void secure(Path upload) {
        try {
            blobs.secure(upload);
        } catch (IOException failure) {
            throw notStored(failure);
        }
    }

    private static ApiException notStored(IOException failure) {
        LOG.error("content cannot be stored", failure);
        return ApiException.of(
                        ErrorCode.UNAVAILABLE, "The file cannot be stored now: the server's disk is full or failing")
                .withRetryAfter(FULL_WAIT);
    }

    /** Deletes the file, and its content when no other file has it. */
    void remove(ContentFile file) {
        Lock lock = lock(file.sha256());
        lock.lock();
        try {
            database.change(handle -> files.delete(handle, file.id()));
            dropUnused(file.sha256());
        } finally {
            lock.unlock();
        }
    }

    private Lock lock(String sha256) {
        return locks.get(Integer.parseInt(sha256.substring(0, 2), 16) % LOCKS);
    }

    /** When that cannot be told, the content stays. */
    private void dropUnused(String sha256) {
        try {
            if (!database.read(handle -> files.isUsed(handle, sha256))) {
                blobs.delete(sha256);
            }
        } catch (ApiException | IOException failure) {
            LOG.warn("content {} may be left over; the next start sweeps it", sha256, failure);
        }
    }

    /**
     * Deletes contents that no file has; to be called before anything is uploaded. Leaves all of them when there is no file
     * at all: the database may be the wrong one.
     */
    void sweep() throws IOException {
        List<String> prefixes = blobs.prefixes();
        if (!prefixes.isEmpty() && database.read(files::isEmpty)) {
            LOG.warn("the database has no files, and the data folder has contents of files; they are left as they are");
            return;
        }
        int swept = 0;
        for (String prefix : prefixes) {
            Set<String> unused = new HashSet<>(blobs.startingWith(prefix));
            unused.removeAll(database.read(handle -> files.contents(handle, prefix)));
            for (String sha256 : unused) {
                blobs.delete(sha256);
            }
            swept += unused.size();
        }
        if (swept > 0) {
            LOG.info("deleted {} contents that no file has", swept);
        }
    }
}
