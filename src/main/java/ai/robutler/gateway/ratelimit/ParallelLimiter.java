package ai.robutler.gateway.ratelimit;

import ai.robutler.api.ApiException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The {@code parallelLimiter} bean: how many requests of a caller run at the same time.
 *
 * <p>A slot is a lease: who forgets to release it loses it after a while. Only slots in use take memory.
 */
public final class ParallelLimiter {
    private static final long SWEEP_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoClock;
    private final Map<String, Set<Lease>> leases = new ConcurrentHashMap<>();
    private final AtomicLong lastSweep;

    /** @param nanoClock time that never goes back, in nanoseconds from anywhere: {@code System::nanoTime} */
    public ParallelLimiter(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lastSweep = new AtomicLong(nanoClock.getAsLong());
    }

    /**
     * Takes a slot.
     *
     * @param identity {@code user:<id>}, {@code api:<key id>} or {@code ip:<address>}
     * @param max slots of this identity; 0 for any number
     * @param maxAge after which the slot frees by itself: longer than any request takes
     * @throws ApiException 429 when all slots are in use
     */
    public Lease acquire(String identity, long max, Duration maxAge) {
        if (max < 0 || maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("max " + max + " is negative, or maxAge " + maxAge + " not positive");
        }
        Identity caller = Identity.of(identity);
        long now = nanoClock.getAsLong();
        sweepNowAndThen(now);
        Lease lease = new Lease(caller.key(), now + maxAge.toNanos());
        leases.compute(caller.key(), (key, held) -> {
            Set<Lease> slots = held == null ? new HashSet<>() : held;
            requireSlot(caller, slots, max, now);
            slots.add(lease);
            return slots;
        });
        return lease;
    }

    /** How many slots are in use, of all callers. */
    public long inUse() {
        sweep(nanoClock.getAsLong());
        AtomicLong count = new AtomicLong();
        leases.keySet()
                .forEach(key -> leases.computeIfPresent(key, (same, held) -> {
                    count.addAndGet(held.size());
                    return held;
                }));
        return count.get();
    }

    /** How many callers hold a slot, or have forgotten one that no sweep has found yet. */
    int callers() {
        return leases.size();
    }

    private static void requireSlot(Identity caller, Set<Lease> slots, long max, long now) {
        if (max == 0 || slots.size() < max) {
            return;
        }
        slots.removeIf(lease -> lease.expired(now));
        if (slots.size() >= max) {
            throw new Exceeded(Limit.PARALLEL, caller.kind(), max, slots.size(), 0)
                    .refusal("Parallel limit exceeded (" + max + " requests at once)");
        }
    }

    /** Finds forgotten leases of callers that do not come back. */
    private void sweepNowAndThen(long now) {
        long last = lastSweep.get();
        if (now - last >= SWEEP_NANOS && lastSweep.compareAndSet(last, now)) {
            sweep(now);
        }
    }

    private void sweep(long now) {
        leases.keySet()
                .forEach(key -> leases.computeIfPresent(key, (same, held) -> {
                    held.removeIf(lease -> lease.expired(now));
                    return held.isEmpty() ? null : held;
                }));
    }

    /** One slot in use. */
    public final class Lease {
        private final String key;
        private final long expiresAt;

        private Lease(String key, long expiresAt) {
            this.key = key;
            this.expiresAt = expiresAt;
        }

        /** Frees the slot; again, or after it expired, it does nothing. */
        public void release() {
            leases.computeIfPresent(key, (same, held) -> {
                held.remove(this);
                return held.isEmpty() ? null : held;
            });
        }

        private boolean expired(long now) {
            return now - expiresAt >= 0;
        }
    }
}
