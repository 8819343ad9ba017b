package ai.robutler.gateway.ratelimit;

import ai.robutler.api.ApiException;
import io.github.bucket4j.BucketConfiguration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@code rateLimiter} bean: counts each caller's requests in four windows, a second, a minute, an hour and a day.
 *
 * <p>A window starts with its caller's first request and is full again, all at once, when its time is over: what remains
 * and when it frees are exact. In no window more than its limit gets through; around the border of two, up to twice as much.
 */
public final class RateLimiter {
    private static final Map<Window, String> HEADER_ENDS =
            Map.of(Window.MINUTE, "Minute", Window.HOUR, "Hour", Window.DAY, "Day");

    private final IdentityTable<RequestCounts> table;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private volatile InForce inForce;

    /** Rules, and the bucket of each set of limits in them, shared by all who have it. */
    private record InForce(RateLimitRules rules, Map<RateLimits, BucketConfiguration> configurations) {
        static InForce of(RateLimitRules rules) {
            return new InForce(rules, new ConcurrentHashMap<>());
        }

        BucketConfiguration configuration(RateLimits limits) {
            return configurations.computeIfAbsent(limits, Window::configuration);
        }
    }

    /**
     * @param maxIdentities how many callers are remembered: known ones and addresses each. One caller takes about 320
     *     bytes. Who was longest away is forgotten first, and starts anew.
     * @param nanoClock time that never goes back, in nanoseconds from anywhere: {@code System::nanoTime}
     * @param clock the time of day, only to tell a caller when a window frees
     */
    public RateLimiter(RateLimitRules rules, long maxIdentities, LongSupplier nanoClock, InstantSource clock) {
        this.inForce = InForce.of(rules);
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.table = new IdentityTable<>(maxIdentities, nanoClock, this::fresh);
    }

    /**
     * Takes one request from all windows of all identities, or from none.
     *
     * @param identities {@code user:<id>}, {@code api:<key id>} or {@code ip:<address>}; one or more
     * @throws ApiException 429 that names the window with the longest wait; it carries the {@code X-RateLimit-} headers
     */
    public RateLimitState take(List<String> identities) {
        return take(identities, Map.of());
    }

    /**
     * The same where some have limits of their own.
     *
     * @param own limits in place of the rules', by identity
     */
    public RateLimitState take(List<String> identities, Map<String, RateLimits> own) {
        Map<String, RateLimits> byKey = new HashMap<>();
        own.forEach((identity, limits) -> byKey.put(Identity.of(identity).key(), limits));
        return table.withAll(identities, all -> takeHeld(all, byKey));
    }

    /** Puts other rules in force. Callers whose limits stay keep their counts; the others keep what they used. */
    public void replace(RateLimitRules rules) {
        this.inForce = InForce.of(rules);
    }

    /** The rules in force. */
    public RateLimitRules rules() {
        return inForce.rules();
    }

    /** About how many callers are remembered. */
    public long identities() {
        return table.size();
    }

    void cleanUp() {
        table.cleanUp();
    }

    private RequestCounts fresh(Identity identity) {
        InForce current = inForce;
        RateLimits limits = current.rules().limitsOfKey(identity.key());
        return new RequestCounts(identity, limits, current.configuration(limits), nanoClock.getAsLong());
    }

    private RateLimitState takeHeld(List<RequestCounts> all, Map<String, RateLimits> own) {
        long now = nanoClock.getAsLong();
        InForce current = inForce;
        for (RequestCounts counts : all) {
            RateLimits limits = own.get(counts.key());
            if (limits == null) {
                counts.update(current.rules().limitsOfKey(counts.key()), current::configuration, now);
            } else {
                counts.update(limits, Window::configuration, now);
            }
        }
        requireRoom(all, now);
        all.forEach(RequestCounts::takeOne);
        return new RateLimitState(headers(all), () -> giveBack(all, now));
    }

    private void requireRoom(List<RequestCounts> all, long now) {
        Window longest = null;
        Exceeded worst = null;
        for (RequestCounts counts : all) {
            Window window = counts.exhausted();
            if (window != null) {
                Exceeded exceeded = counts.exceeded(window, now);
                if (worst == null || exceeded.waitNanos() > worst.waitNanos()) {
                    worst = exceeded;
                    longest = window;
                }
            }
        }
        if (worst != null && longest != null) {
            throw refusal(longest, worst, headers(all));
        }
    }

    private ApiException refusal(Window window, Exceeded exceeded, Map<String, String> headers) {
        ApiException refusal = exceeded.refusal(window.message(exceeded.allowed()), clock);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            refusal = refusal.withHeader(header.getKey(), header.getValue());
        }
        return window.freesSoon() ? refusal : refusal.withHeader("x-should-retry", "false");
    }

    private Map<String, String> giveBack(List<RequestCounts> all, long takenAt) {
        return table.holding(all, 0, held -> {
            long now = nanoClock.getAsLong();
            held.forEach(counts -> counts.giveBackOne(takenAt, now));
            return headers(held);
        });
    }

    private static Map<String, String> headers(List<RequestCounts> all) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Window window : List.of(Window.MINUTE, Window.HOUR, Window.DAY)) {
            RequestCounts least = leastRemaining(all, window);
            if (least != null) {
                headers.put("X-RateLimit-Limit-" + HEADER_ENDS.get(window), Long.toString(least.allowed(window)));
                headers.put("X-RateLimit-Remaining-" + HEADER_ENDS.get(window), Long.toString(least.remaining(window)));
            }
        }
        return headers;
    }

    private static @Nullable RequestCounts leastRemaining(List<RequestCounts> all, Window window) {
        RequestCounts least = null;
        for (RequestCounts counts : all) {
            if (counts.allowed(window) > 0 && (least == null || counts.remaining(window) < least.remaining(window))) {
                least = counts;
            }
        }
        return least;
    }
}
