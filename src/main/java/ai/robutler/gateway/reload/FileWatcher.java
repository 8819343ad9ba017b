package ai.robutler.gateway.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files every so often and calls back when one has changed, come or gone. It compares times and sizes, so that
 * it also sees what a Kubernetes ConfigMap swaps in by links.
 */
public final class FileWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatcher.class);

    private final List<Watch> watches = new ArrayList<>();
    private final ScheduledFuture<?> looking;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "file-watcher");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts looking. */
    public FileWatcher(Duration interval) {
        looking = timer.scheduleWithFixedDelay(
                this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Calls back after a change of the file, or of any file directly in the folder; not for what is there now. */
    public synchronized void watch(Path fileOrFolder, Runnable changed) {
        watches.add(new Watch(fileOrFolder, changed, fingerprint(fileOrFolder)));
    }

    @Override
    public void close() {
        looking.cancel(false);
        timer.shutdownNow();
    }

    private synchronized void look() {
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            String now = fingerprint(watch.path());
            if (!now.equals(watch.seen())) {
                watches.set(i, new Watch(watch.path(), watch.changed(), now));
                call(watch);
            }
        }
    }

    private static void call(Watch watch) {
        try {
            watch.changed().run();
        } catch (RuntimeException failure) {
            LOG.error("could not take the change of {}; what ran before goes on", watch.path(), failure);
        }
    }

    private static String fingerprint(Path path) {
        if (!Files.isDirectory(path)) {
            return fileFingerprint(path);
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(path)) {
            files.sorted().forEach(file -> all.append(fileFingerprint(file)));
        } catch (IOException gone) {
            return "unreadable";
        }
        return all.toString();
    }

    private static String fileFingerprint(Path file) {
        try {
            return file + "|" + Files.getLastModifiedTime(file).toString() + "|" + Files.size(file) + "\n";
        } catch (IOException gone) {
            return file + "|absent\n";
        }
    }

    private record Watch(Path path, Runnable changed, String seen) {}
}
