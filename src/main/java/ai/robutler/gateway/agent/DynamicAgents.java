package ai.robutler.gateway.agent;

import ai.robutler.api.portal.PortalAgent;
import ai.robutler.gateway.portal.PortalCache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The agents that the portal keeps, as far as they have been asked for. */
public final class DynamicAgents {
    private final boolean enabled;
    private final Duration ttl;
    private final PortalCache<Agent> cache;
    private final Function<String, Optional<PortalAgent>> portal;

    /**
     * @param enabled whether the portal is asked at all; else there are none
     * @param ttl how long an agent is taken for granted
     * @param cache remembers them, by name
     * @param portal asks the portal for the agent of a name, and waits
     */
    public DynamicAgents(
            boolean enabled, Duration ttl, PortalCache<Agent> cache, Function<String, Optional<PortalAgent>> portal) {
        this.enabled = enabled;
        this.ttl = ttl;
        this.cache = cache;
        this.portal = portal;
    }

    /** Whether there can be any. */
    public boolean enabled() {
        return enabled;
    }

    /** How long an agent is taken for granted. */
    public Duration ttl() {
        return ttl;
    }

    /** How many are remembered. */
    public long size() {
        return cache.size();
    }

    /** Those that are remembered. */
    public List<Agent> known() {
        return cache.known();
    }

    /** The agent of that name when it need not be asked for; else null. */
    @Nullable
    Agent fresh(String name) {
        return cache.fresh(name);
    }

    /** The agent of that name; empty when there is none. Fails with 503 when nobody can tell. */
    CompletionStage<Optional<Agent>> find(String name) {
        return enabled
                ? cache.find(name, () -> portal.apply(name).map(Agent::of))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /** Forgets the agent of that name: it was made, changed or deleted. */
    public void forget(String name) {
        cache.forget(name);
    }

    /** Forgets all. */
    public void forgetAll() {
        cache.forgetIf(agent -> true);
    }
}
