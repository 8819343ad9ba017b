package ai.robutler.gateway.identity;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.AddressRange;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Limits how many wrong keys an address may send in a minute. Further ones are refused without being looked up, until the
 * minute that began with the first is over. A key that was accepted within the last hour is always looked up: whoever has
 * one is not shut out by somebody at the same address who guesses.
 *
 * <p>Requests that run at the same time may each fail once more; what is remembered is bounded.
 */
public final class AuthFailures {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final Duration ACCEPTED = Duration.ofHours(1);

    private final long perMinute;
    private final LongSupplier nanoClock;
    private final Cache<String, Failures> failures;
    private final Cache<String, Boolean> accepted;

    private record Failures(long since, AtomicLong count) {}

    /**
     * @param perMinute wrong keys that an address may send in a minute; 0 for any number
     * @param most addresses, and accepted keys, that are remembered
     * @param nanoClock time that never goes back, in nanoseconds from anywhere
     */
    public AuthFailures(long perMinute, long most, LongSupplier nanoClock) {
        this.perMinute = perMinute;
        this.nanoClock = nanoClock;
        this.failures = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(Duration.ofNanos(MINUTE))
                .ticker(nanoClock::getAsLong)
                .build();
        this.accepted = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(ACCEPTED)
                .ticker(nanoClock::getAsLong)
                .build();
    }

    /** Whose key it is, as {@code keys} knows. Fails with 429 when the address has sent too many that were wrong. */
    CompletionStage<Optional<Principal>> find(
            String address, String key, Function<String, CompletionStage<Optional<Principal>>> keys) {
        if (perMinute == 0) {
            return keys.apply(key);
        }
        String subscriber = AddressRange.subscriber(address);
        String digest = ApiKeys.sha256(key);
        if (accepted.getIfPresent(digest) == null) {
            Optional<ApiException> full = refusal(subscriber);
            if (full.isPresent()) {
                return CompletableFuture.failedFuture(full.get());
            }
        }
        return keys.apply(key).thenApply(found -> {
            if (found.isEmpty()) {
                accepted.invalidate(digest);
                count(subscriber);
            } else if (accepted.getIfPresent(digest) == null) {
                accepted.put(digest, Boolean.TRUE);
            }
            return found;
        });
    }

    private void count(String subscriber) {
        failures.get(subscriber, first -> new Failures(nanoClock.getAsLong(), new AtomicLong()))
                .count()
                .incrementAndGet();
    }

    private Optional<ApiException> refusal(String subscriber) {
        Failures failed = failures.getIfPresent(subscriber);
        if (failed == null || failed.count().get() < perMinute) {
            return Optional.empty();
        }
        long wait = Math.max(0, failed.since() + MINUTE - nanoClock.getAsLong());
        return Optional.of(ApiException.of(
                        ErrorCode.RATE_LIMITED,
                        "Too many wrong API keys from this address (" + perMinute + " per minute)")
                .withDetail("limit", "failed_authentications_per_minute")
                .withDetail("scope", "ip")
                .withDetail("allowed", perMinute)
                .withRetryAfter(Duration.ofNanos(wait)));
    }
}
