package ai.robutler.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a limiter remembers of each identity, at most a set number of them.
 *
 * <p>Addresses have a table of their own: a spray of them cannot push out known callers. An identity that was idle for 25
 * hours is forgotten: by then each of its windows is full again.
 */
final class IdentityTable<E> {
    private static final Duration LONGEST_IDLE = Duration.ofHours(25);

    private final Cache<String, E> known;
    private final Cache<String, E> addresses;
    private final Function<Identity, E> fresh;

    /**
     * @param maxIdentities how many are remembered: known callers and addresses each
     * @param fresh what to remember of an identity that was not there
     */
    IdentityTable(long maxIdentities, LongSupplier nanoClock, Function<Identity, E> fresh) {
        if (maxIdentities < 1) {
            throw new IllegalArgumentException("max-identities is " + maxIdentities + ", must be 1 or more");
        }
        this.known = cache(maxIdentities, nanoClock);
        this.addresses = cache(maxIdentities, nanoClock);
        this.fresh = fresh;
    }

    /**
     * Does {@code work} on the entries of the identities, each once, while no other thread works on any of them.
     *
     * @throws IllegalArgumentException when there is no identity, or one of no known kind
     */
    <T> T withAll(List<String> identities, Function<List<E>, T> work) {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("a request has at least one identity");
        }
        if (identities.size() == 1) {
            return holding(List.of(entry(Identity.of(identities.get(0)))), 0, work);
        }
        // Everybody locks in the order of keys, so that nobody waits in a circle.
        TreeMap<String, E> entries = new TreeMap<>();
        for (String name : identities) {
            Identity identity = Identity.of(name);
            entries.computeIfAbsent(identity.key(), key -> entry(identity));
        }
        return holding(new ArrayList<>(entries.values()), 0, work);
    }

    /** Does {@code work} while holding entries that {@link #withAll} gave, in the order in which it gave them. */
    <T> T holding(List<E> entries, int from, Function<List<E>, T> work) {
        if (from == entries.size()) {
            return work.apply(entries);
        }
        synchronized (entries.get(from)) {
            return holding(entries, from + 1, work);
        }
    }

    /** About how many identities are remembered. */
    long size() {
        return known.estimatedSize() + addresses.estimatedSize();
    }

    /** Forgets now what is over the bound or idle for too long; otherwise that happens a little later, by itself. */
    void cleanUp() {
        known.cleanUp();
        addresses.cleanUp();
    }

    private E entry(Identity identity) {
        Cache<String, E> cache = identity.kind() == Identity.Kind.IP ? addresses : known;
        return cache.get(identity.key(), key -> fresh.apply(identity));
    }

    private static <E> Cache<String, E> cache(long maxIdentities, LongSupplier nanoClock) {
        return Caffeine.newBuilder()
                .maximumSize(maxIdentities)
                .expireAfterAccess(LONGEST_IDLE)
                .ticker(nanoClock::getAsLong)
                .build();
    }
}
