package ai.robutler.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A stream that breaks off when its sender is silent for too long. */
final class StallGuard extends FilterInputStream {
    private final Duration longest;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stall-guard");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean stalled;

    /** @param longest that one read may take */
    StallGuard(InputStream in, Duration longest) {
        super(in);
        this.longest = longest;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        ScheduledFuture<?> end = timer.schedule(this::breakOff, longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int read = in.read(bytes, from, length);
            if (stalled) {
                throw new HttpTimeoutException("silent");
            }
            return read;
        } catch (IOException failure) {
            throw stalled ? new HttpTimeoutException("silent") : failure;
        } finally {
            end.cancel(false);
        }
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        in.close();
    }

    private void breakOff() {
        stalled = true;
        try {
            in.close();
        } catch (IOException closedAlready) {
            // which is what was wanted
        }
    }
}
