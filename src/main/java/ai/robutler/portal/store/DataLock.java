package ai.robutler.portal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second process away from a data folder; the system frees it when the process ends, however it ends. */
public final class DataLock implements AutoCloseable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the folder. @throws IllegalStateException that says what to do, when another process has it */
    public static DataLock take(Path data) {
        DataLock lock = tryTake(data);
        if (lock == null) {
            throw new IllegalStateException("another process uses the data folder " + data.toAbsolutePath()
                    + "; stop it, or set robutler.data (ROBUTLER_DATA) to another folder");
        }
        return lock;
    }

    /** Takes the folder; null when another process has it. */
    public static @Nullable DataLock tryTake(Path data) {
        try {
            PrivateFiles.makeFolder(data);
            PrivateFiles.makeFile(data.resolve("lock"));
            FileChannel channel = FileChannel.open(data.resolve("lock"), StandardOpenOption.WRITE);
            FileLock lock = lockOf(channel);
            if (lock == null) {
                channel.close();
                return null;
            }
            return new DataLock(channel);
        } catch (IOException failure) {
            throw new IllegalStateException("cannot write to the data folder " + data.toAbsolutePath() + ": "
                    + failure.getClass().getSimpleName()
                    + "; give this user the right, or set robutler.data (ROBUTLER_DATA)");
        }
    }

    private static @Nullable FileLock lockOf(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // the lock ends with the process at the latest
        }
    }
}
