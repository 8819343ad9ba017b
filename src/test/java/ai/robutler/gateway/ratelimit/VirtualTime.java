package ai.robutler.gateway.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Both clocks of a limiter, moved by hand. Like {@code System.nanoTime} the nanoseconds start somewhere below zero. */
final class VirtualTime implements LongSupplier, InstantSource {
    static final long EPOCH_SECOND = 1_800_000_000L;

    private final AtomicLong elapsed = new AtomicLong();

    void advance(Duration span) {
        elapsed.addAndGet(span.toNanos());
    }

    Duration elapsed() {
        return Duration.ofNanos(elapsed.get());
    }

    @Override
    public long getAsLong() {
        return elapsed.get() - 5_000_000_000L;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(EPOCH_SECOND).plusNanos(elapsed.get());
    }
}
