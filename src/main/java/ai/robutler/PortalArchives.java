package ai.robutler;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.FileAnswer;
import ai.robutler.http.Upload;
import ai.robutler.portal.Changes;
import ai.robutler.portal.Ids;
import ai.robutler.portal.Json;
import ai.robutler.portal.archive.Archives;
import ai.robutler.portal.archive.Progress;
import ai.robutler.portal.store.PrivateFiles;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code portalArchives} bean: backups and restores of the running portal, for admins; one at a time. */
public final class PortalArchives {
    private static final Logger LOG = LoggerFactory.getLogger(PortalArchives.class);
    private static final Duration LATER = Duration.ofSeconds(60);

    private final Archives archives;
    private final Path drafts;
    private final Changes changes;
    private final Clock clock;
    private final Semaphore one = new Semaphore(1);

    /** @param data the data folder */
    PortalArchives(Archives archives, Path data, Changes changes, Clock clock) {
        this.archives = archives;
        this.drafts = Archives.drafts(data);
        this.changes = changes;
        this.clock = clock;
    }

    /** {@code GET /api/admin/backup}. The file is deleted when it has been sent. */
    public FileAnswer backup(Exchange exchange) {
        Path file = drafts.resolve("backup-" + Ids.next() + ".zip");
        alone(() -> {
            PrivateFiles.makeFolder(drafts);
            archives.backup(file, Progress.UNTOLD);
        });
        exchange.getExchangeExtension().addOnCompletion(new Deletion(file));
        String name = "robutler-" + clock.instant().toString().substring(0, 10) + ".zip";
        return new FileAnswer(
                file,
                file.toFile().length(),
                "application/zip",
                String.valueOf(file.getFileName()),
                clock.instant(),
                "attachment; filename=\"" + name + "\"");
    }

    /** {@code POST /api/admin/restore}. Fails with 400 when the upload is no whole backup; then nothing is changed. */
    public ObjectNode restore(@Body Upload upload) {
        ObjectNode answer = Json.object();
        answer.put("success", true);
        ObjectNode restored = answer.putObject("restored");
        alone(() -> archives.restore(upload.path(), Progress.UNTOLD).forEach(restored::put));
        changes.everythingChanged();
        LOG.warn("a backup was restored: {}", restored);
        return answer;
    }

    private void alone(Copying copying) {
        if (!one.tryAcquire()) {
            throw ApiException.of(ErrorCode.CONFLICT, "Another backup or restore is running; wait for its end");
        }
        try {
            copying.run();
        } catch (IOException failure) {
            LOG.error("the backup or restore failed", failure);
            throw ApiException.of(
                            ErrorCode.UNAVAILABLE,
                            "The disk is full or failing, or a file of the data folder is damaged; nothing was changed")
                    .withRetryAfter(LATER);
        } finally {
            one.release();
        }
    }

    @FunctionalInterface
    private interface Copying {
        void run() throws IOException;
    }

    private static final class Deletion extends SynchronizationAdapter {
        private final Path file;

        Deletion(Path file) {
            this.file = file;
        }

        @Override
        public void onDone(Exchange exchange) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failure) {
                LOG.warn("{} is left until the next start", file, failure);
            }
        }
    }
}
