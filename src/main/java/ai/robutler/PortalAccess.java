package ai.robutler;

import ai.robutler.api.ApiException;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalAgent;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.gateway.agent.DynamicAgents;
import ai.robutler.gateway.identity.ApiKeys;
import ai.robutler.gateway.identity.PortalKeys;
import ai.robutler.gateway.model.Secret;
import ai.robutler.gateway.portal.PortalCache;
import ai.robutler.gateway.portal.PortalCalls;
import ai.robutler.http.ErrorWriter;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * The way to the portal: what is remembered of its answers, and the routes {@code direct:portal-*} that ask it. Forgets at once
 * what a portal of the same process says has changed.
 */
final class PortalAccess implements PortalChanges {
    private final Portal portal;
    private final PortalCalls calls;
    private final DynamicAgents agents;
    private final PortalKeys keys;
    private volatile @Nullable ProducerTemplate routes;

    /**
     * @param dynamicAgents whether the portal is asked for agents
     * @param operatorKeys the operator's own list of keys, as it is in force
     * @param steps runs what waits for the portal
     */
    PortalAccess(
            Settings settings, Portal portal, boolean dynamicAgents, Supplier<ApiKeys> operatorKeys, Executor steps) {
        this.portal = portal;
        this.calls = new PortalCalls(
                portal,
                settings.integer("gateway.portal.retries", 0),
                Duration.ofSeconds(settings.number("gateway.portal.breaker.open-seconds", 1)));
        this.agents = new DynamicAgents(
                dynamicAgents,
                settings.duration("gateway.agents.ttl"),
                cache(settings, "gateway.agents", steps),
                this::askForAgent);
        this.keys = new PortalKeys(
                operatorKeys, cache(settings, "gateway.keys", steps), this::askForKey, Clock.systemUTC());
    }

    /** The {@code portalCalls} bean; from now on its routes are asked. */
    PortalCalls bind(CamelContext context) {
        routes = context.createProducerTemplate();
        return calls;
    }

    /** The portal's agents. */
    DynamicAgents agents() {
        return agents;
    }

    /** The API keys. */
    PortalKeys keys() {
        return keys;
    }

    /** The name of the agent of that id. */
    Optional<String> agentName(String id) {
        return portal.agentName(id);
    }

    /** Notes that a request was made with a valid key. */
    void keyUsed(String keyId) {
        portal.keyUsed(keyId);
    }

    @Override
    public void agentChanged(String name) {
        agents.forget(name);
    }

    @Override
    public void keyChanged(String keyId) {
        keys.forget(keyId);
    }

    @Override
    public void everythingChanged() {
        agents.forgetAll();
        keys.forgetAll();
    }

    private static <V> PortalCache<V> cache(Settings settings, String prefix, Executor steps) {
        return new PortalCache<>(
                new PortalCache.Times(
                        settings.duration(prefix + ".ttl"),
                        settings.duration(prefix + ".missing-ttl"),
                        settings.duration(prefix + ".stale")),
                new PortalCache.Sizes(
                        settings.number(prefix + ".cached", 1),
                        settings.number(prefix + ".missing-cached", 1),
                        settings.integer("gateway.portal.max-lookups", 1),
                        settings.integer("gateway.portal.max-waiting", 1)),
                steps,
                Ticker.systemTicker());
    }

    @SuppressWarnings("unchecked")
    private Optional<PortalAgent> askForAgent(String name) {
        return (Optional<PortalAgent>) ask("direct:portal-find-agent", name);
    }

    @SuppressWarnings("unchecked")
    private Optional<KeyOwner> askForKey(Secret key) {
        return (Optional<KeyOwner>) ask("direct:portal-authenticate-key", key);
    }

    private Object ask(String route, Object question) {
        ProducerTemplate template = routes;
        if (template == null) {
            throw new IllegalStateException("the portal is asked before the routes are there");
        }
        Exchange exchange = template.request(route, asked -> asked.getMessage().setBody(question));
        Exception failure = exchange.getException();
        if (failure != null) {
            ApiException told = ErrorWriter.asApiException(failure);
            throw told;
        }
        return exchange.getMessage().getBody();
    }
}
