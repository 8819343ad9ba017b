package ai.robutler.portal.archive;

import ai.robutler.portal.content.Blobs;
import ai.robutler.portal.store.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Puts a backup's contents of files to where they belong, beside those that are there. */
final class RestoredContents {
    private final Blobs blobs;
    private final Path drafts;
    private final List<Path> added = new ArrayList<>();

    /** @param drafts the folder where contents are until they are whole */
    RestoredContents(Blobs blobs, Path drafts) {
        this.blobs = blobs;
        this.drafts = drafts;
    }

    /**
     * Puts those that are not there.
     *
     * @param done is told how many bytes each has had
     */
    void put(Backup backup, LongConsumer done) throws IOException {
        for (String sha256 : backup.contentNames()) {
            Path target = blobs.path(sha256);
            if (!Files.exists(target)) {
                put(backup, sha256);
                added.add(target);
            }
            done.accept(Files.size(target));
        }
    }

    private void put(Backup backup, String sha256) throws IOException {
        Path draft = drafts.resolve("restored-" + sha256);
        Files.deleteIfExists(draft);
        PrivateFiles.makeNewFile(draft);
        try {
            try (InputStream in = backup.content(sha256);
                    OutputStream out = Files.newOutputStream(draft)) {
                in.transferTo(out);
            }
            PrivateFiles.secure(draft);
            blobs.put(draft, sha256, Files.size(draft));
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Takes away what was put. */
    void undo() throws IOException {
        for (Path path : added) {
            Files.deleteIfExists(path);
        }
    }
}
