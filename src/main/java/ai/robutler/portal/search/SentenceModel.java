package ai.robutler.portal.search;

import ai.robutler.portal.search.SearchHealth.State;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedder and how it is: not there yet, there, or broken. Whatever it throws ends here. At most half of the cores,
 * and at least two threads, embed at once; a question that waits a second for its turn goes by words.
 */
final class SentenceModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SentenceModel.class);
    private static final int MOST_AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    private static final Duration QUESTION_WAIT = Duration.ofSeconds(1);
    private static final int CLOSE_SECONDS = 5;
    private static final int REMEMBERED_TEXTS = 1_000;

    private final Supplier<Embedder> embedders;
    private final Semaphore turns = new Semaphore(MOST_AT_ONCE, true);
    private final Cache<String, float[]> questions = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_TEXTS)
            .executor(Runnable::run)
            .build();
    private volatile @Nullable Embedder embedder;
    private volatile State state = State.INITIALIZING;
    private volatile String reason = "";
    private boolean closed;

    SentenceModel(Supplier<Embedder> embedders) {
        this.embedders = embedders;
    }

    /** Loads the model, on the caller's thread; false if that failed. */
    boolean load() {
        try {
            Embedder loaded = embedders.get();
            LOG.info("sentence model {} is loaded", loaded.model());
            return take(loaded);
        } catch (Throwable broken) {
            fail("the sentence model cannot be loaded", broken);
            return false;
        }
    }

    /** The vector of a question; absent if words must do. */
    Optional<float[]> ofQuestion(String text) {
        Embedder loaded = embedder;
        if (loaded == null || !loaded.reads(text)) {
            return Optional.empty();
        }
        String key = Words.cut(text);
        float[] known = questions.getIfPresent(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<float[]> vector = embed(key, QUESTION_WAIT);
        vector.ifPresent(numbers -> questions.put(key, numbers));
        return vector;
    }

    /** The vector of a text; absent if the model is not there, fails, or is busy for longer than the wait. */
    Optional<float[]> embed(String text, Duration wait) {
        try {
            if (!turns.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return embedNow(text);
        } finally {
            turns.release();
        }
    }

    Optional<Embedder> embedder() {
        return Optional.ofNullable(embedder);
    }

    State state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /** Waits for who embeds just now, a few seconds at most, and gives the memory back. */
    @Override
    public void close() {
        boolean idle = false;
        try {
            idle = turns.tryAcquire(MOST_AT_ONCE, CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Embedder loaded = leave();
        if (!idle) {
            LOG.warn("the sentence model is still at work and stays until the process ends");
            return;
        }
        if (loaded != null) {
            loaded.close();
        }
        turns.release(MOST_AT_ONCE);
    }

    private synchronized boolean take(Embedder loaded) {
        if (closed) {
            loaded.close();
            return false;
        }
        embedder = loaded;
        state = State.HEALTHY;
        return true;
    }

    private synchronized @Nullable Embedder leave() {
        Embedder loaded = embedder;
        closed = true;
        embedder = null;
        reason = "closed";
        state = State.UNHEALTHY;
        return loaded;
    }

    private Optional<float[]> embedNow(String text) {
        Embedder loaded = embedder;
        if (loaded == null) {
            return Optional.empty();
        }
        try {
            float[] vector = loaded.embed(text);
            state = State.HEALTHY;
            reason = "";
            return Optional.of(vector);
        } catch (Throwable broken) {
            fail("the sentence model failed", broken);
            return Optional.empty();
        }
    }

    /** Notes what broke; searches go by words until something works again. */
    void fail(String what, Throwable why) {
        if (state != State.UNHEALTHY) {
            LOG.warn("{}; searches go by words", what, why);
        }
        reason = what + ": " + why;
        state = State.UNHEALTHY;
    }
}
