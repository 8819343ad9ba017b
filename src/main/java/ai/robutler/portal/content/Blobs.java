package ai.robutler.portal.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Contents of files, each once, named by its SHA-256: {@code ab/cd/abcd…}. What has been put survives the loss of power;
 * a content is there whole or not at all.
 */
public final class Blobs {
    private static final String NAME = "[0-9a-f]{64}";
    private static final String FOLDER = "[0-9a-f]{2}";

    private final Path root;

    /** @param root the folder that holds them; made when it is needed */
    public Blobs(Path root) {
        this.root = root;
    }

    /** Where that content is, or would be. */
    public Path path(String sha256) {
        if (!sha256.matches(NAME)) {
            throw new IllegalArgumentException("not a SHA-256: " + sha256);
        }
        return root.resolve(sha256.substring(0, 2))
                .resolve(sha256.substring(2, 4))
                .resolve(sha256);
    }

    /** Makes sure that the file's content would survive the loss of power. */
    public void secure(Path file) throws IOException {
        sync(file, StandardOpenOption.WRITE);
    }

    /** Moves a secured file to where its content belongs, unless that is there already. */
    public void put(Path file, String sha256, long size) throws IOException {
        Path target = path(sha256);
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) == size) {
            return;
        }
        Path folder = root.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2, 4));
        boolean made = !Files.isDirectory(folder);
        Files.createDirectories(folder);
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException otherDisk) {
            throw new IOException("the folders in " + root + " must be on one file system", otherDisk);
        }
        sync(folder, StandardOpenOption.READ);
        if (made) {
            sync(root.resolve(sha256.substring(0, 2)), StandardOpenOption.READ);
            sync(root, StandardOpenOption.READ);
        }
    }

    void delete(String sha256) throws IOException {
        Files.deleteIfExists(path(sha256));
    }

    /** The first two digits of all that may be there. */
    List<String> prefixes() throws IOException {
        return names(root, FOLDER);
    }

    /** All that begin with these two digits. */
    List<String> startingWith(String prefix) throws IOException {
        List<String> found = new ArrayList<>();
        Path folder = root.resolve(prefix);
        for (String next : names(folder, FOLDER)) {
            found.addAll(names(folder.resolve(next), NAME));
        }
        return found;
    }

    private static List<String> names(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.matches(pattern))
                    .toList();
        }
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
