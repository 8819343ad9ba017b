package ai.robutler.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Asks in closed loops on one event loop and checks every answer. */
final class LoadClient implements AutoCloseable {
    private static final int IDLE_SECONDS = 30;
    private static final int LATENCIES = 1 << 20;
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MARK = BenchModel.MARK.getBytes(StandardCharsets.US_ASCII);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true).setIdleTimeout(IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(5_000).setEventLoopSize(1));

    /** Starts a load; the n-th loop begins a little after the one before. */
    Run start(Load load) {
        Run run = new Run(load);
        for (int i = 0; i < load.concurrency(); i++) {
            long delayMs = 1 + i * load.ramp().toMillis() / load.concurrency();
            vertx.setTimer(delayMs, now -> run.ask());
        }
        return run;
    }

    @Override
    public void close() {
        vertx.close();
    }

    /**
     * What is asked.
     *
     * @param chunks content chunks that each answer must have; 0 for a whole answer
     * @param ramp over which the loops start
     * @param key the API key that is sent; empty sends none
     */
    record Load(int port, String path, int concurrency, int chunks, Duration ramp, String key) {

        /** Without an API key. */
        Load(int port, String path, int concurrency, int chunks, Duration ramp) {
            this(port, path, concurrency, chunks, ramp, "");
        }

        Buffer body() {
            return Buffer.buffer(
                    "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, how are "
                            + "you?\"}],\"temperature\":0.7" + (chunks > 0 ? ",\"stream\":true}" : "}"));
        }
    }

    /** What has come so far; counted on the event loop, read by anyone. */
    final class Run {
        private final Load load;
        private final Buffer body;
        private final CountDownLatch loops;
        private final long[] firstChunkNanos = new long[LATENCIES];
        private final AtomicReference<String> firstError = new AtomicReference<>("");
        private final LongAdder answers = new LongAdder();
        private final LongAdder chunks = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final AtomicInteger latencies = new AtomicInteger();
        private volatile boolean stopped;

        Run(Load load) {
            this.load = load;
            this.body = load.body();
            this.loops = new CountDownLatch(load.concurrency());
        }

        Load load() {
            return load;
        }

        long answers() {
            return answers.sum();
        }

        long chunks() {
            return chunks.sum();
        }

        long errors() {
            return errors.sum();
        }

        String firstError() {
            return firstError.get();
        }

        /** Times to the first chunk, from the given one on, sorted. */
        long[] firstChunkNanos(int from) {
            long[] sorted = Arrays.copyOfRange(firstChunkNanos, from, latencies.get());
            Arrays.sort(sorted);
            return sorted;
        }

        int latencies() {
            return latencies.get();
        }

        /** Lets the loops end with the answer that each is at, no more are asked for. */
        void stop() {
            stopped = true;
        }

        /** Stops and waits for the last answers; what does not come is an error. */
        void finish(Duration timeout) throws InterruptedException {
            stop();
            if (!loops.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                failed(loops.getCount() + " answers did not end");
            }
        }

        private void ask() {
            long startNanos = System.nanoTime();
            client.request(HttpMethod.POST, load.port(), "127.0.0.1", load.path())
                    .compose(request -> {
                        request.putHeader("Content-Type", "application/json");
                        if (!load.key().isEmpty()) {
                            request.putHeader("Authorization", "Bearer " + load.key());
                        }
                        return request.send(body);
                    })
                    .onSuccess(response -> read(response, startNanos))
                    .onFailure(this::broke);
        }

        private void read(HttpClientResponse response, long startNanos) {
            Answer answer = new Answer();
            response.handler(part -> {
                int marks = answer.take(part.getBytes());
                if (marks > 0 && answer.marks == marks && latencies.get() < LATENCIES) {
                    firstChunkNanos[latencies.get()] = System.nanoTime() - startNanos;
                    latencies.incrementAndGet();
                }
                chunks.add(marks);
            });
            response.exceptionHandler(cause -> {
                if (!answer.over) {
                    answer.over = true;
                    broke(cause);
                }
            });
            response.endHandler(end -> ended(response.statusCode(), answer));
        }

        private void ended(int status, Answer answer) {
            answer.over = true;
            boolean right = load.chunks() == 0 ? answer.marks == 1 : answer.marks == load.chunks() && answer.done();
            if (status == 200 && right) {
                answers.increment();
            } else {
                failed("status " + status + ", " + answer.marks + " chunks, done=" + answer.done());
            }
            again();
        }

        private void broke(Throwable cause) {
            failed(cause.toString());
            again();
        }

        /** Not at once, so that a target that refuses is not asked in a busy loop. */
        private void again() {
            if (stopped) {
                loops.countDown();
            } else if (errors.sum() > 0) {
                vertx.setTimer(20, later -> ask());
            } else {
                ask();
            }
        }

        private void failed(String what) {
            errors.increment();
            firstError.compareAndSet("", what);
        }
    }

    /** Counts the marks of one answer and knows its last bytes, however it is cut. */
    private static final class Answer {
        private boolean over;
        private int marks;
        private int matched;
        private byte[] tail = new byte[0];

        int take(byte[] part) {
            int before = marks;
            for (byte b : part) {
                matched = b == MARK[matched] ? matched + 1 : b == MARK[0] ? 1 : 0;
                if (matched == MARK.length) {
                    marks++;
                    matched = 0;
                }
            }
            byte[] joined = Arrays.copyOf(tail, tail.length + part.length);
            System.arraycopy(part, 0, joined, tail.length, part.length);
            tail = Arrays.copyOfRange(joined, Math.max(0, joined.length - DONE.length), joined.length);
            return marks - before;
        }

        boolean done() {
            return Arrays.equals(tail, DONE);
        }
    }
}
