package ai.robutler.http;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** Where uploads are while they come: a folder that only this process reads and writes. */
final class IncomingFolder {
    private final Path folder;

    /** Makes the folder when it is not there, and empties it of what a process left that was killed. */
    IncomingFolder(Path folder) throws IOException {
        this.folder = folder;
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " must be a folder; remove what is there");
            }
            empty();
            return;
        }
        Files.createDirectories(folder.toAbsolutePath().getParent());
        Files.createDirectory(folder, ownerOnly("rwx------"));
    }

    /** A new empty file whose name nobody can guess, readable by its owner only. */
    Path newFile() throws IOException {
        return Files.createTempFile(folder, "upload-", ".part");
    }

    private void empty() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            for (Path file : left.filter(file -> !Files.isDirectory(file)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
