package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upload as it comes: pieces of the body wait in a short queue, and one thread at a time takes them apart and writes
 * the file. A full queue stops reading from the connection, so the disk sets the pace.
 */
final class UploadReading {
    private static final Logger LOG = LoggerFactory.getLogger(UploadReading.class);
    private static final long MOST_QUEUED_BYTES = 256 * 1024;
    private static final Duration FULL_WAIT = Duration.ofSeconds(60);

    private final HttpCall call;
    private final UploadSettings settings;
    private final Executor steps;
    private final UploadParts parts;
    private final Listener listener;

    private final Queue<Buffer> queue = new ArrayDeque<>();
    private long queued;
    private boolean writing;
    private boolean paused;
    private boolean ended;
    private volatile boolean over;
    private volatile @Nullable ApiException failure;
    private final AtomicBoolean telling = new AtomicBoolean();

    private long received;
    private long receivedBefore;
    private boolean held;
    private volatile long timer = -1;

    /** Hears how an upload ended; once, on a thread that may block. */
    @FunctionalInterface
    interface Listener {
        /** Exactly one of the two is not null. */
        void ended(@Nullable Upload upload, @Nullable ApiException failure);
    }

    UploadReading(HttpCall call, UploadSettings settings, Executor steps, UploadParts parts, Listener listener) {
        this.call = call;
        this.settings = settings;
        this.steps = steps;
        this.parts = parts;
        this.listener = listener;
    }

    /** Refuses a body that says of itself that it is too long. @throws ApiException 413 */
    static void checkLength(HttpServerRequest request, UploadSettings settings) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // the decoder lets digits only come this far
        if (length != null && (length.length() > 18 || Long.parseLong(length) > settings.maxBodyBytes())) {
            throw UploadParts.tooLarge(settings).withDetail("content_length", length);
        }
    }

    static ApiException notStored(IOException cause) {
        LOG.error("an upload cannot be stored", cause);
        return ApiException.of(
                        ErrorCode.UNAVAILABLE, "The file cannot be stored now: the server's disk is full or failing")
                .withRetryAfter(FULL_WAIT);
    }

    /** Begins to read; on the event loop. */
    void start() {
        if (call.closed()) {
            fail(brokenOff());
            return;
        }
        HttpServerRequest request = call.request();
        call.onHangUp(() -> fail(brokenOff()));
        request.exceptionHandler(gone -> fail(brokenOff()));
        request.handler(this::received);
        request.endHandler(end -> bodyEnded());
        timer = call.vertx().setPeriodic(settings.progressTime().toMillis(), again -> checkProgress());
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private static ApiException brokenOff() {
        return ApiException.of(ErrorCode.INVALID_REQUEST, "The upload broke off");
    }

    private synchronized void received(Buffer piece) {
        if (failure != null || over) {
            return;
        }
        received += piece.length();
        if (received > settings.maxBodyBytes()) {
            fail(UploadParts.tooLarge(settings));
            return;
        }
        queue.add(piece);
        queued += piece.length();
        if (queued >= MOST_QUEUED_BYTES && !paused) {
            paused = true;
            held = true;
            call.request().pause();
        }
        write();
    }

    private synchronized void bodyEnded() {
        ended = true;
        call.bodyRead();
        write();
    }

    private synchronized void checkProgress() {
        boolean ours = held || ended;
        long came = received - receivedBefore;
        receivedBefore = received;
        held = paused;
        if (!ours && came < settings.progressBytes()) {
            fail(ApiException.of(
                    ErrorCode.REQUEST_TIMEOUT,
                    "The upload brought " + came + " bytes in "
                            + settings.progressTime().toSeconds() + " seconds; it must bring at least "
                            + settings.progressBytes() + " (gateway.body-timeout, gateway.upload-min-bytes)"));
        }
    }

    private synchronized void fail(ApiException why) {
        if (failure == null) {
            failure = why;
        }
        queue.clear();
        write();
    }

    private synchronized void write() {
        if (writing || over) {
            return;
        }
        writing = true;
        try {
            steps.execute(this::writeQueued);
        } catch (RejectedExecutionException full) {
            failure = ApiException.of(ErrorCode.UNAVAILABLE, "The server is answering as many requests as it can")
                    .withRetryAfter(Duration.ofSeconds(1));
            // nothing is written: what is left to do is short
            call.context().runOnContext(now -> writeQueued());
        }
    }

    private void writeQueued() {
        for (Buffer piece = next(); piece != null; piece = next()) {
            try {
                parts.accept(piece.getBytes());
            } catch (ApiException refused) {
                fail(refused);
            } catch (IOException broken) {
                fail(notStored(broken));
            }
        }
        if (over && telling.compareAndSet(false, true)) {
            tell();
        }
    }

    /** Null when there is nothing to write: either all is over, or the next piece begins anew. */
    private synchronized @Nullable Buffer next() {
        Buffer piece = failure == null ? queue.poll() : null;
        if (piece == null) {
            over = failure != null || ended;
            writing = false;
            return null;
        }
        queued -= piece.length();
        if (paused && queued < MOST_QUEUED_BYTES / 2) {
            paused = false;
            call.context().runOnContext(now -> call.request().resume());
        }
        return piece;
    }

    private void tell() {
        call.vertx().cancelTimer(timer);
        call.onHangUp(null);
        Upload upload = null;
        ApiException why = failure;
        if (why == null) {
            try {
                upload = parts.upload();
            } catch (ApiException refused) {
                why = refused;
            } catch (IOException broken) {
                why = notStored(broken);
            }
        }
        listener.ended(upload, why);
    }
}
