package ai.robutler.gateway.portal;

import ai.robutler.api.ApiException;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the portal has answered, by what it was asked for. Requests that ask the same at once make one look-up, and wait for it
 * without a thread. What is old is asked for again a little before its time, beside the request; what is older is waited for;
 * and while the portal cannot be asked, what it has last said goes on for a while.
 */
public final class PortalCache<V> {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    private final Times times;
    private final Cache<String, Entry<V>> found;
    private final Cache<String, Boolean> missing;
    private final ConcurrentHashMap<String, CompletableFuture<Optional<V>>> flights = new ConcurrentHashMap<>();
    private final Semaphore lookUps;
    private final Semaphore waiting;
    private final Executor steps;
    private final Ticker ticker;

    /**
     * How long answers are good for.
     *
     * @param found how long one is taken for granted
     * @param missing the same for the answer that there is none
     * @param stale how long one goes on that the portal cannot confirm; from the look-up on
     */
    public record Times(Duration found, Duration missing, Duration stale) {}

    /**
     * The cache's limits.
     *
     * @param found how many answers are remembered
     * @param missing how many of those that there is none
     * @param lookUps look-ups at the same time; more are 503
     * @param waiting requests that wait for one; more are 503
     */
    public record Sizes(long found, long missing, int lookUps, int waiting) {}

    /** @param steps runs what waits for a look-up, and look-ups that nobody waits for */
    public PortalCache(Times times, Sizes sizes, Executor steps, Ticker ticker) {
        this.times = times;
        this.found = Caffeine.newBuilder()
                .maximumSize(sizes.found())
                .expireAfterWrite(longer(times.found(), times.stale()))
                .ticker(ticker)
                .build();
        this.missing = Caffeine.newBuilder()
                .maximumSize(sizes.missing())
                .expireAfterWrite(times.missing())
                .ticker(ticker)
                .build();
        this.lookUps = new Semaphore(sizes.lookUps());
        this.waiting = new Semaphore(sizes.waiting());
        this.steps = steps;
        this.ticker = ticker;
    }

    /** What is remembered and need not be asked for; null when it must be. Costs a look into a map. */
    public @Nullable V fresh(String key) {
        Entry<V> entry = found.getIfPresent(key);
        return entry != null && ticker.read() - entry.askAt < 0 ? entry.value : null;
    }

    /**
     * What is remembered, else what the portal says.
     *
     * @param ask asks the portal, and may wait for it; fails with an ApiException when it cannot be asked
     * @return empty when there is none; fails with an ApiException of 503 when nobody can tell
     */
    public CompletionStage<Optional<V>> find(String key, Supplier<Optional<V>> ask) {
        Entry<V> entry = found.getIfPresent(key);
        long now = ticker.read();
        if (entry != null && now - entry.goodUntil < 0) {
            if (now - entry.askAt >= 0) {
                askBeside(key, ask);
            }
            return CompletableFuture.completedFuture(Optional.of(entry.value));
        }
        if (entry == null && missing.getIfPresent(key) != null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<V>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<V>> running = flights.putIfAbsent(key, mine);
        if (running != null) {
            return wait(running);
        }
        fly(key, ask, mine);
        return mine;
    }

    /** Forgets one answer at once, and does not remember one that is on its way. */
    public void forget(String key) {
        flights.compute(key, (k, flight) -> {
            found.invalidate(key);
            missing.invalidate(key);
            return null;
        });
    }

    /** Forgets the answers that the condition holds for, all that there is none, and does not remember what is on its way. */
    public void forgetIf(Predicate<V> condition) {
        flights.clear();
        found.asMap().values().removeIf(entry -> condition.test(entry.value));
        missing.invalidateAll();
    }

    /** All that is remembered. */
    public List<V> known() {
        return found.asMap().values().stream().map(entry -> entry.value).toList();
    }

    /** How much is remembered. */
    public long size() {
        found.cleanUp();
        return found.estimatedSize();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what follows completes another future
    private CompletionStage<Optional<V>> wait(CompletableFuture<Optional<V>> running) {
        if (!waiting.tryAcquire()) {
            return CompletableFuture.failedFuture(PortalCalls.unavailable(BUSY_WAIT));
        }
        CompletableFuture<Optional<V>> later = new CompletableFuture<>();
        running.whenComplete((answer, failure) -> {
            waiting.release();
            Runnable goOn = () -> {
                if (failure == null) {
                    later.complete(answer);
                } else {
                    later.completeExceptionally(failure);
                }
            };
            try {
                steps.execute(goOn);
            } catch (RejectedExecutionException full) {
                later.completeExceptionally(PortalCalls.unavailable(BUSY_WAIT));
            }
        });
        return later;
    }

    private void askBeside(String key, Supplier<Optional<V>> ask) {
        CompletableFuture<Optional<V>> mine = new CompletableFuture<>();
        if (flights.containsKey(key) || flights.putIfAbsent(key, mine) != null) {
            return;
        }
        try {
            steps.execute(() -> fly(key, ask, mine));
        } catch (RejectedExecutionException full) {
            fail(key, mine, PortalCalls.unavailable(BUSY_WAIT));
        }
    }

    @SuppressWarnings("UndefinedEquals") // the same future is meant
    private void fly(String key, Supplier<Optional<V>> ask, CompletableFuture<Optional<V>> flight) {
        if (!lookUps.tryAcquire()) {
            fail(key, flight, PortalCalls.unavailable(BUSY_WAIT));
            return;
        }
        try {
            Optional<V> answer = ask.get();
            flights.computeIfPresent(key, (k, current) -> {
                if (!current.equals(flight)) {
                    return current;
                }
                remember(key, answer);
                return null;
            });
            flight.complete(answer);
        } catch (ApiException failure) {
            fail(key, flight, failure);
        } finally {
            lookUps.release();
            if (!flight.isDone()) {
                fail(key, flight, PortalCalls.unavailable(BUSY_WAIT));
            }
        }
    }

    private void remember(String key, Optional<V> answer) {
        if (answer.isPresent()) {
            long now = ticker.read();
            long good = times.found().toNanos();
            found.put(key, new Entry<>(answer.get(), now + good - good / 4, now + good));
            missing.invalidate(key);
        } else {
            found.invalidate(key);
            missing.put(key, Boolean.TRUE);
        }
    }

    /** Has what the portal last said go on for a moment without being asked for again; fails when it has said nothing. */
    private void fail(String key, CompletableFuture<Optional<V>> flight, ApiException failure) {
        Entry<V> entry = found.getIfPresent(key);
        if (entry != null) {
            long pause = Math.min(LONGEST_PAUSE.toNanos(), times.found().toNanos());
            long again = ticker.read() + pause;
            entry.askAt = again;
            entry.goodUntil = Math.max(entry.goodUntil, again);
        }
        flights.remove(key, flight);
        if (entry == null) {
            flight.completeExceptionally(failure);
        } else {
            flight.complete(Optional.of(entry.value));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static final class Entry<V> {
        private final V value;
        private volatile long askAt;
        private volatile long goodUntil;

        Entry(V value, long askAt, long goodUntil) {
            this.value = value;
            this.askAt = askAt;
            this.goodUntil = goodUntil;
        }
    }
}
