package ai.robutler.support;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** What the fake model was asked and how it ended; keeps the last 1,000 requests. Every change wakes who waits. */
final class RequestLog {
    private static final int KEPT = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ReceivedRequest> kept = new ArrayDeque<>();
    private final Map<String, Integer> byModel = new HashMap<>();
    private int requests;
    private int finished;
    private int aborted;
    private int openStreams;

    void began(ReceivedRequest request) {
        change(() -> {
            requests++;
            openStreams += request.stream() ? 1 : 0;
            byModel.merge(request.model(), 1, Integer::sum);
            kept.addLast(request);
            if (kept.size() > KEPT) {
                kept.removeFirst();
            }
        });
    }

    void ended(ReceivedRequest request, boolean byUs) {
        change(() -> {
            openStreams -= request.stream() ? 1 : 0;
            if (byUs) {
                finished++;
            } else {
                aborted++;
            }
        });
    }

    /** Forgets all that has ended, keeps what is open. */
    void reset() {
        change(() -> {
            requests -= finished + aborted;
            finished = 0;
            aborted = 0;
            kept.clear();
            byModel.clear();
        });
    }

    Counts counts() {
        lock.lock();
        try {
            return new Counts(requests, finished, aborted, requests - finished - aborted, openStreams);
        } finally {
            lock.unlock();
        }
    }

    int requests(String model) {
        lock.lock();
        try {
            return byModel.getOrDefault(model, 0);
        } finally {
            lock.unlock();
        }
    }

    List<ReceivedRequest> kept() {
        lock.lock();
        try {
            return new ArrayList<>(kept);
        } finally {
            lock.unlock();
        }
    }

    void await(String what, BooleanSupplier until, Duration timeout) {
        lock.lock();
        try {
            long leftNanos = timeout.toNanos();
            while (!until.getAsBoolean()) {
                if (leftNanos <= 0) {
                    throw new AssertionError("Not within " + timeout + ": " + what + "; saw " + counts());
                }
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One consistent look at the counters. */
    record Counts(int requests, int finished, int aborted, int open, int openStreams) {}
}
