package ai.robutler.gateway.model;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.openai.Usage;
import ai.robutler.http.ErrorBody;
import ai.robutler.http.HttpCall;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream on its way from a model to a caller, event by event with back-pressure. Lives on one event loop. It ends once:
 * with the model's end, the model's failure, the caller's hang-up, or a time-out.
 */
final class StreamRelay {
    /** Most bytes of an answer that are kept for a repetition of the request. */
    private static final int MAX_KEPT = 4 * 1024 * 1024;

    private static final long LAST_WORDS_MS = 1_000;

    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

    private final HttpCall call;
    private final ModelAnswer answer;
    private final ChunkRewriter rewriter;
    private final AnswerRelay.Times times;
    private final Executor counting;
    private final @Nullable Consumer<byte[]> keeper;
    private final Consumer<Outcome> listener;
    private final HttpServerResponse down;
    private final Vertx vertx;
    private final ByteSink out = new ByteSink(1024);
    private final ByteSink kept = new ByteSink(0);
    private final long startedNanos = System.nanoTime();
    private long heardNanos = startedNanos;
    private long wroteNanos = startedNanos;
    private long stalledNanos;
    private long timer = -1;
    private boolean keeps;
    private boolean upstreamEnded;
    private boolean over;

    /**
     * How a stream ended.
     *
     * @param trouble the error code that it ended with, {@code caller_gone} when the caller hung up; empty when it ended well
     * @param providerFailed whether the trouble is the provider's
     * @param nanos how long it took
     */
    record Outcome(
            ModelTarget target, Usage usage, String finishReason, String trouble, boolean providerFailed, long nanos) {}

    /** @param keeper given all that the caller got of a stream that ends well, before its last byte is written; may be null */
    StreamRelay(
            HttpCall call,
            ModelAnswer answer,
            ChunkRewriter rewriter,
            AnswerRelay.Times times,
            Executor counting,
            @Nullable Consumer<byte[]> keeper,
            Consumer<Outcome> listener) {
        this.call = call;
        this.answer = answer;
        this.rewriter = rewriter;
        this.times = times;
        this.counting = counting;
        this.keeper = keeper;
        this.keeps = keeper != null;
        this.listener = listener;
        this.down = call.response();
        this.vertx = call.vertx();
    }

    void start() {
        call.onHangUp(() -> giveUp("caller_gone", false));
        if (over) {
            return;
        }
        down.setStatusCode(200)
                .setChunked(true)
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Accel-Buffering", "no")
                .putHeader("Connection", "keep-alive")
                .putHeader("X-Gateway-Overhead-Ms", call.overheadMillis());
        down.exceptionHandler(gone -> giveUp("caller_gone", false));
        watch();
        if (answer instanceof ModelAnswer.Stream stream) {
            relay(stream);
        } else if (answer instanceof ModelAnswer.Whole whole) {
            ChatCompletions.asChunks(whole.completion(), rewriter, out);
            ended();
        }
    }

    private void relay(ModelAnswer.Stream stream) {
        HttpClientResponse up = stream.response();
        up.endHandler(end -> {
            upstreamEnded = true;
            if (!over) {
                guarded(() -> stream.events().drainRest(this::event));
                ended();
            }
        });
        up.handler(part -> {
            if (!over) {
                heardNanos = System.nanoTime();
                guarded(() -> stream.events().add(part));
                pump(stream);
            }
        });
        pump(stream);
        stream.breakage().listen(() -> brokeOff(stream));
        if (!over && !down.writeQueueFull()) {
            up.resume();
        }
    }

    /** The connection to the model is gone. What came before that, and was not read yet, is relayed first. */
    private void brokeOff(ModelAnswer.Stream stream) {
        upstreamEnded = true;
        stream.response().resume();
        vertx.runOnContext(drained -> afterBreak());
    }

    /** What the model has said to the end is whole, although its connection is gone. */
    private void afterBreak() {
        if (rewriter.complete()) {
            ended();
        } else {
            giveUp(ErrorCode.MODEL_UNAVAILABLE.code(), true);
        }
    }

    private void pump(ModelAnswer.Stream stream) {
        guarded(() -> stream.events().drain(this::event));
        if (over) {
            return;
        }
        flush();
        if (rewriter.done()) {
            ended();
        } else if (down.writeQueueFull() && !upstreamEnded) {
            stalledNanos = System.nanoTime();
            stream.response().pause();
            down.drainHandler(drained -> {
                stalledNanos = 0;
                heardNanos = System.nanoTime();
                stream.response().resume();
            });
        }
    }

    private boolean event(byte[] json, int from, int to) {
        rewriter.event(json, from, to, out);
        return true;
    }

    private void guarded(Runnable step) {
        if (over) {
            return;
        }
        try {
            step.run();
        } catch (ProviderFailure broken) {
            giveUp(ErrorCode.MODEL_UNAVAILABLE.code(), true);
        }
    }

    private void flush() {
        if (out.length() > 0 && !down.closed()) {
            write(out);
            out.clear();
        }
    }

    private void write(ByteSink bytes) {
        wroteNanos = System.nanoTime();
        if (keeps) {
            keeps = kept.length() + bytes.length() <= MAX_KEPT;
            kept.add(bytes);
        }
        down.write(bytes.toBuffer());
    }

    /** Before the caller sees the end: a repetition that follows it finds the answer. */
    private void keep() {
        Consumer<byte[]> whole = keeper;
        if (whole != null && keeps && kept.length() + out.length() <= MAX_KEPT) {
            keeps = false;
            whole.accept(kept.add(out).toBytes());
        }
    }

    /** The model has said all, or has stopped without saying so. */
    private void ended() {
        if (over) {
            return;
        }
        if (!rewriter.complete()) {
            giveUp(ErrorCode.MODEL_UNAVAILABLE.code(), true);
            return;
        }
        over = true;
        release();
        letGo();
        count(() -> {
            rewriter.end(out);
            if (down.closed()) {
                tell("caller_gone", false);
                return;
            }
            keep();
            flush();
            end(Buffer.buffer()).onComplete(written -> tell("", false));
        });
    }

    /** A model that has said all closes its answer in a moment; one that does not is left. */
    private void letGo() {
        if (answer instanceof ModelAnswer.Stream stream && !upstreamEnded) {
            vertx.setTimer(LAST_WORDS_MS, late -> {
                if (!upstreamEnded) {
                    stream.response().request().reset();
                }
            });
            stream.response().resume();
        }
    }

    /** Ends the stream early; the caller, when still there, gets the error as its last event. */
    private void giveUp(String trouble, boolean providerFailed) {
        if (over) {
            return;
        }
        over = true;
        release();
        if (answer instanceof ModelAnswer.Stream stream) {
            stream.response().request().reset();
        }
        if (!down.closed() && !down.ended()) {
            flush();
            end(Buffer.buffer(errorEvent(trouble)));
        }
        count(() -> tell(trouble, providerFailed));
    }

    private static String errorEvent(String trouble) {
        ApiException failure = trouble.equals(ErrorCode.REQUEST_TIMEOUT.code())
                ? ApiException.of(ErrorCode.REQUEST_TIMEOUT, "The model stopped answering")
                : ApiException.of(ErrorCode.MODEL_UNAVAILABLE, "The model's answer broke off");
        return "event: error\ndata: " + ErrorBody.of(failure) + "\n\ndata: [DONE]\n\n";
    }

    /** Goes on here once the figures are there; counting, where it is needed, is done off the event loop. */
    private void count(Runnable then) {
        if (!rewriter.mustCount()) {
            then.run();
            return;
        }
        Context context = call.context();
        try {
            counting.execute(() -> {
                try {
                    rewriter.usage();
                } finally {
                    context.runOnContext(now -> then.run());
                }
            });
        } catch (RejectedExecutionException busy) {
            then.run();
        }
    }

    private void tell(String trouble, boolean providerFailed) {
        listener.accept(new Outcome(
                answer.target(),
                rewriter.usage(),
                rewriter.finishReason(),
                trouble,
                providerFailed,
                System.nanoTime() - startedNanos));
    }

    private void release() {
        call.onHangUp(null);
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    /** Looks again when the nearest of the time limits could be reached: a busy stream costs a timer now and then. */
    private void watch() {
        long now = System.nanoTime();
        Long stalled = stalledNanos == 0 ? null : stalledNanos + times.stall().toNanos() - now;
        long silent = heardNanos + idleNanos() - now;
        if (stalled != null && stalled <= 0) {
            cut();
            return;
        }
        if (stalled == null && silent <= 0) {
            if (rewriter.complete()) {
                ended();
                return;
            }
            giveUp(ErrorCode.REQUEST_TIMEOUT.code(), true);
            return;
        }
        long quiet = wroteNanos + times.keepAlive().toNanos() - now;
        if (quiet <= 0) {
            wroteNanos = now;
            if (!down.closed() && !down.writeQueueFull()) {
                down.write(KEEP_ALIVE);
            }
            quiet = times.keepAlive().toNanos();
        }
        long next = Math.min(
                Math.min(stalled == null ? silent : stalled, times.stall().toNanos()), quiet);
        timer = vertx.setTimer(Math.max(1, next / 1_000_000 + 1), again -> watch());
    }

    /** Writes the last bytes; a caller who does not read these either is cut. */
    private Future<Void> end(Buffer last) {
        long unread = vertx.setTimer(Math.max(1, times.stall().toMillis()), late -> call.cut());
        return down.end(last).onComplete(written -> vertx.cancelTimer(unread));
    }

    /** Ends the stream of a caller who reads nothing; what is still to be written to him is dropped. */
    private void cut() {
        call.cut();
        giveUp("caller_gone", false);
    }

    private long idleNanos() {
        return answer.target().provider().timeouts().idle().toNanos();
    }
}
