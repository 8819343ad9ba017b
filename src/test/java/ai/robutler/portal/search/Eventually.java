package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a background thread does. */
final class Eventually {
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final long POLL_NANOS = 1_000_000;

    private Eventually() {}

    /** Returns as soon as it is true; fails after a minute. */
    static void isTrue(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + MOST.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s, within %s", what, MOST).isLessThan(end);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Returns as soon as no entry waits for a vector. */
    static void atRest(PhraseIndex index) {
        isTrue("the backlog is empty", () -> {
            SearchHealth health = index.health();
            return health.state() != SearchHealth.State.INITIALIZING && health.waiting() == 0;
        });
    }
}
