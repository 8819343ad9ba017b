package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one range of a file, a piece at a time: the next is read when the caller has taken the one before. */
final class FileSender {
    private static final Logger LOG = LoggerFactory.getLogger(FileSender.class);
    private static final int PIECE_BYTES = 64 * 1024;

    private final HttpCall call;
    private final FileAnswer file;
    private final Executor steps;
    private final Duration stallTimeout;
    private final Promise<Void> sent = Promise.promise();
    private @Nullable FileChannel channel;
    private long at;
    private long left;

    FileSender(HttpCall call, FileAnswer file, ByteRange range, Executor steps, Duration stallTimeout) {
        this.call = call;
        this.file = file;
        this.steps = steps;
        this.stallTimeout = stallTimeout;
        this.at = range.start();
        this.left = range.length();
    }

    /** Begins; completes when all is sent or cannot be. */
    Future<Void> send() {
        sendNext();
        return sent.future();
    }

    private void sendNext() {
        Promise<Buffer> piece = Promise.promise();
        try {
            steps.execute(() -> {
                try {
                    piece.complete(read());
                } catch (IOException | RuntimeException failure) {
                    piece.fail(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            piece.fail(full);
        }
        piece.future().onComplete(read -> call.context().runOnContext(now -> write(read)));
    }

    private Buffer read() throws IOException {
        FileChannel from = channel;
        if (from == null) {
            from = FileChannel.open(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            channel = from;
            if (from.size() != file.size()) {
                throw new IOException(file.path() + " has " + from.size() + " bytes in place of " + file.size());
            }
        }
        byte[] bytes = new byte[(int) Math.min(PIECE_BYTES, left)];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        while (into.hasRemaining()) {
            if (from.read(into, at + into.position()) < 0) {
                throw new EOFException(file.path() + " was cut");
            }
        }
        return Buffer.buffer(bytes);
    }

    private void write(AsyncResult<Buffer> read) {
        HttpServerResponse response = call.response();
        if (call.closed() || response.closed()) {
            end();
            return;
        }
        if (read.failed()) {
            fail(read.cause());
            return;
        }
        Buffer piece = read.result();
        at += piece.length();
        left -= piece.length();
        long timer = call.vertx().setTimer(stallTimeout.toMillis(), stalled -> call.cut());
        Future<Void> written = left == 0 ? response.end(piece) : response.write(piece);
        written.onComplete(done -> {
            call.vertx().cancelTimer(timer);
            if (done.failed() || left == 0) {
                end();
            } else {
                sendNext();
            }
        });
    }

    private void fail(Throwable cause) {
        HttpServerResponse response = call.response();
        if (response.headWritten()) {
            LOG.error("a download broke off requestId={}", call.requestId(), cause);
            call.cut();
            end();
            return;
        }
        response.headers()
                .remove(HttpHeaders.CONTENT_LENGTH)
                .remove(HttpHeaders.CONTENT_RANGE)
                .remove(HttpHeaders.CONTENT_DISPOSITION)
                .remove(HttpHeaders.ETAG)
                .remove(HttpHeaders.LAST_MODIFIED);
        ResponseWriter.writeError(call, told(cause)).onComplete(done -> end());
    }

    private static Throwable told(Throwable cause) {
        if (cause instanceof NoSuchFileException) {
            return ApiException.of(ErrorCode.NOT_FOUND, "The file was deleted just now");
        }
        if (cause instanceof RejectedExecutionException) {
            return ApiException.of(ErrorCode.UNAVAILABLE, "The server is answering as many requests as it can")
                    .withRetryAfter(Duration.ofSeconds(1));
        }
        return cause;
    }

    private void end() {
        FileChannel open = channel;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException failure) {
            LOG.warn("cannot close {}", file.path(), failure);
        }
        sent.tryComplete();
    }
}
