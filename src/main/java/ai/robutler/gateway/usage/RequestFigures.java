package ai.robutler.gateway.usage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The figures of {@code /stats}: counted as requests end, the last minute in slots of a second. */
public final class RequestFigures {
    private static final int SLOTS = 60;

    private final LongSupplier nanoClock;
    private final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final AtomicLong active = new AtomicLong();
    private final long[] slotSecond = new long[SLOTS];
    private final long[] slotCount = new long[SLOTS];

    /** @param nanoClock such as {@link System#nanoTime} */
    public RequestFigures(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A request has begun. */
    public void started() {
        active.incrementAndGet();
    }

    /** It has ended. */
    public void ended(long durationNanos, int status) {
        active.decrementAndGet();
        ended.increment();
        nanos.add(durationNanos);
        if (status >= 500) {
            failed.increment();
        }
        count(second());
    }

    private synchronized void count(long second) {
        int slot = (int) Math.floorMod(second, (long) SLOTS);
        if (slotSecond[slot] != second) {
            slotSecond[slot] = second;
            slotCount[slot] = 0;
        }
        slotCount[slot]++;
    }

    /** Requests that ended in the last 60 seconds. */
    public synchronized long lastMinute() {
        long now = second();
        long sum = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (slotCount[i] > 0 && now - slotSecond[i] < SLOTS) {
                sum += slotCount[i];
            }
        }
        return sum;
    }

    /** Requests that ended since the start. */
    public long total() {
        return ended.sum();
    }

    /** Requests that have begun and not ended. */
    public long active() {
        return active.get();
    }

    /** Mean time of a request in milliseconds; 0 before the first. */
    public double averageMillis() {
        long count = ended.sum();
        return count == 0 ? 0 : nanos.sum() / 1e6 / count;
    }

    /** The share of requests that were answered with 5xx, from 0 to 1. */
    public double errorRate() {
        long count = ended.sum();
        return count == 0 ? 0 : (double) failed.sum() / count;
    }

    private long second() {
        return Math.floorDiv(nanoClock.getAsLong(), 1_000_000_000L);
    }
}
