package ai.robutler.portal.archive;

import ai.robutler.api.ApiException;
import ai.robutler.portal.Json;
import ai.robutler.portal.store.Schema;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A backup's file that has been looked through: it is whole, and holds nothing but what its manifest says. */
final class Backup implements AutoCloseable {
    private static final int MOST_MANIFEST = 1 << 20;
    private static final String CONTENT = "content/";
    private static final String CONTENT_NAME = CONTENT + "[0-9a-f]{64}";

    private final ZipFile zip;
    private final Manifest manifest;
    private final List<String> contents;

    private Backup(ZipFile zip) throws IOException {
        this.zip = zip;
        this.manifest = manifest(zip);
        this.contents = contents();
    }

    /**
     * Reads all of it.
     *
     * @throws ApiException that names the field {@code file} and says what is wrong with it
     */
    static Backup open(Path file, Progress progress) {
        ZipFile zip = null;
        try {
            zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
            Backup backup = new Backup(zip);
            backup.verify(progress);
            return backup;
        } catch (IOException | IllegalArgumentException failure) {
            close(zip);
            throw refused("it is damaged, or no backup: " + failure.getMessage());
        } catch (ApiException refused) {
            close(zip);
            throw refused;
        }
    }

    private static void close(@Nullable ZipFile zip) {
        try {
            if (zip != null) {
                zip.close();
            }
        } catch (IOException ignored) {
            // nothing was written
        }
    }

    static ApiException refused(String why) {
        return ApiException.inField("file", "The backup is refused, and nothing was changed: " + why);
    }

    private static Manifest manifest(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(Manifest.NAME);
        if (entry == null) {
            throw refused("it has no " + Manifest.NAME + ", so it is no backup or was not written to its end");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            JsonNode json = Json.readObject(in.readNBytes(MOST_MANIFEST));
            Manifest manifest = Manifest.of(json);
            if (manifest.format() != Manifest.FORMAT) {
                throw refused("its format is " + manifest.format() + ", this version takes " + Manifest.FORMAT);
            }
            if (manifest.schema() < 1 || manifest.schema() > Schema.VERSION) {
                throw refused("its tables are of version " + manifest.schema() + ", this version knows up to "
                        + Schema.VERSION + "; restore it with the version that made it");
            }
            return manifest;
        } catch (UncheckedIOException | ClassCastException broken) {
            throw new IOException("its " + Manifest.NAME + " is not JSON");
        }
    }

    /** Refuses every entry that is not named by the manifest; none of the names becomes a path. */
    private List<String> contents() throws IOException {
        Set<String> expected = new HashSet<>(List.of(Manifest.NAME));
        manifest.tables().forEach(rows -> expected.add(rows.entry()));
        List<String> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : zip.stream().map(ZipEntry::getName).toList()) {
            if (!seen.add(name)) {
                throw new IOException("it has two entries of one name");
            }
            if (name.matches(CONTENT_NAME)) {
                found.add(name.substring(CONTENT.length()));
            } else if (!expected.remove(name)) {
                throw new IOException("it has an entry that no backup has");
            }
        }
        if (!expected.isEmpty()) {
            throw new IOException("it lacks " + expected);
        }
        if (found.size() != manifest.contents()) {
            throw new IOException("it has " + found.size() + " contents of files instead of " + manifest.contents());
        }
        return found;
    }

    private void verify(Progress progress) throws IOException {
        long done = 0;
        long total = 2 * manifest.bytes();
        for (Manifest.Rows rows : manifest.tables()) {
            Hashing found = hash(rows.entry(), rows.bytes());
            if (found.bytes() != rows.bytes() || !found.sha256().equals(rows.sha256())) {
                throw new IOException("the rows of " + rows.table() + " are not those that were written");
            }
            done += found.bytes();
            progress.at(done, total);
        }
        long left = manifest.contentBytes();
        for (String sha256 : contents) {
            Hashing found = hash(CONTENT + sha256, left);
            if (!found.sha256().equals(sha256)) {
                throw new IOException("the content " + sha256 + " is not the one that was written");
            }
            left -= found.bytes();
            done += found.bytes();
            progress.at(done, total);
        }
        if (left != 0) {
            throw new IOException("the contents of files are shorter than they were");
        }
    }

    private Hashing hash(String entry, long most) throws IOException {
        try (InputStream in = open(entry)) {
            Hashing hashing = new Hashing(OutputStream.nullOutputStream());
            hashing.takeAll(in, most);
            return hashing;
        }
    }

    private InputStream open(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("it lacks " + name);
        }
        return zip.getInputStream(entry);
    }

    Manifest manifest() {
        return manifest;
    }

    /** The SHA-256 of every content. */
    List<String> contentNames() {
        return contents;
    }

    InputStream content(String sha256) throws IOException {
        return open(CONTENT + sha256);
    }

    InputStream rows(Manifest.Rows rows) throws IOException {
        return open(rows.entry());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
