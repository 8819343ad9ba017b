package ai.robutler.gateway.operations;

import ai.robutler.gateway.agent.Agent;
import ai.robutler.gateway.agent.AgentDirectory;
import ai.robutler.gateway.agent.DynamicAgents;
import ai.robutler.gateway.ratelimit.RateLimitRules;
import ai.robutler.gateway.ratelimit.RateLimits;
import ai.robutler.gateway.usage.RequestFigures;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** The {@code serverStatus} bean: how the server is. Each page is a map that the route writes as JSON. */
public final class ServerStatus {
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final String FACTORY = "dynamic_agent_factory";
    private static final String PORTAL = "portal";

    private final Sources sources;
    private final Clock clock;
    private final Instant started;

    /**
     * Where the figures come from.
     *
     * @param version the product's
     * @param troubles why requests cannot be answered well: refused files, missing models; by name
     * @param requestTimeout the longest wait for a model
     */
    public record Sources(
            String version,
            AgentDirectory directory,
            Supplier<Map<String, String>> troubles,
            CircuitBreakerRegistry breakers,
            RequestFigures figures,
            Supplier<RateLimitRules> limits,
            Supplier<Boolean> draining,
            Duration requestTimeout) {}

    /** @param started when the server started */
    public ServerStatus(Sources sources, Clock clock, Instant started) {
        this.sources = sources;
        this.clock = clock;
        this.started = started;
    }

    /** {@code GET /}. */
    public Map<String, Object> info() {
        Map<String, Object> endpoints = new LinkedHashMap<>();
        endpoints.put("agent_info", "/{agent_name}");
        endpoints.put("chat_completions", "/{agent_name}/chat/completions");
        endpoints.put("health", "/health");
        endpoints.put("metrics", "/metrics");
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("message", "Robutler V2 Server");
        page.put("version", sources.version());
        page.put("agents", sources.directory().all().stream().map(Agent::name).toList());
        page.put("endpoints", endpoints);
        return page;
    }

    /** {@code GET /health}. */
    public Map<String, Object> health() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("status", "healthy");
        page.put("version", sources.version());
        page.put("timestamp", now());
        page.put("uptime_seconds", uptime());
        page.put("agents_count", sources.directory().all().size());
        page.put("dynamic_agents_enabled", dynamic().enabled());
        return page;
    }

    /** {@code GET /health/detailed}. */
    public Map<String, Object> healthDetailed() {
        Map<String, Object> agents = new LinkedHashMap<>();
        for (Agent agent : sources.directory().all()) {
            agents.put(
                    agent.name(),
                    Map.of("status", "healthy", "skills", agent.skills().size(), "tools", 0));
        }
        Map<String, Object> factory = new LinkedHashMap<>();
        factory.put("status", dynamic().enabled() ? (isPortalDown() ? "degraded" : "healthy") : "disabled");
        factory.put("cache_size", dynamic().size());
        factory.put("service_token_configured", dynamic().enabled());
        agents.put(FACTORY, factory);
        Map<String, Object> breakers = new LinkedHashMap<>();
        for (CircuitBreaker breaker : sources.breakers().getAllCircuitBreakers()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("state", state(breaker));
            one.put("failure_rate", Math.max(0, breaker.getMetrics().getFailureRate()));
            breakers.put(breaker.getName(), one);
        }
        Map<String, Object> page = health();
        page.put("agents", agents);
        page.put("circuit_breakers", breakers);
        return page;
    }

    /** {@code GET /ready}: 503 while a provider's breaker is open, a file is refused, or the server shuts down. */
    public Map<String, Object> ready(Exchange exchange) {
        Map<String, Object> details = new LinkedHashMap<>();
        sources.directory().all().forEach(agent -> details.put(agent.name(), "ready"));
        details.put(FACTORY, dynamic().enabled() ? (isPortalDown() ? "not_ready" : "ready") : "disabled");
        List<String> reasons = new ArrayList<>();
        sources.troubles().get().forEach((name, reason) -> {
            details.put(name, "not_ready");
            reasons.add(reason);
        });
        for (CircuitBreaker breaker : sources.breakers().getAllCircuitBreakers()) {
            if (breaker.getState() == CircuitBreaker.State.OPEN) {
                details.put(breaker.getName(), "circuit open");
                reasons.add("the circuit breaker " + breaker.getName() + " is open");
            }
        }
        if (sources.draining().get()) {
            reasons.add("the server is shutting down");
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("status", reasons.isEmpty() ? "ready" : "not_ready");
        page.put("timestamp", now());
        page.put("details", details);
        if (!reasons.isEmpty()) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("type", "server_error");
            error.put("code", "service_unavailable");
            error.put("message", String.join("; ", reasons));
            page.put("error", error);
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 503);
        }
        return page;
    }

    /** {@code GET /live}. */
    public Map<String, Object> live() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("status", "alive");
        page.put("timestamp", now());
        page.put("uptime_seconds", uptime());
        return page;
    }

    /** {@code GET /stats}. */
    public Map<String, Object> stats() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("server_info", serverInfo());
        page.put("performance", performance());
        page.put("rate_limiting", rateLimiting());
        Map<String, Object> factory = new LinkedHashMap<>();
        factory.put("caching_enabled", dynamic().enabled());
        factory.put("cache_ttl", dynamic().enabled() ? dynamic().ttl().toMillis() / 1000.0 : 0);
        factory.put("agent_data_cache_size", dynamic().size());
        factory.put("agent_instance_cache_size", dynamic().size());
        factory.put("service_token_configured", dynamic().enabled());
        page.put(FACTORY, factory);
        return page;
    }

    private Map<String, Object> serverInfo() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("version", sources.version());
        info.put("static_agents", sources.directory().all().size());
        info.put("dynamic_agents_enabled", dynamic().enabled());
        info.put("uptime_seconds", uptime());
        info.put("monitoring_enabled", true);
        info.put("prometheus_enabled", true);
        info.put("request_timeout", sources.requestTimeout().toMillis() / 1000.0);
        info.put("rate_limiting_enabled", limitsInForce().size() > 0);
        return info;
    }

    private Map<String, Object> performance() {
        RequestFigures figures = sources.figures();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("total_requests", figures.total());
        page.put("requests_last_minute", figures.lastMinute());
        page.put("active_requests", figures.active());
        page.put("average_response_time_ms", Math.round(figures.averageMillis() * 10) / 10.0);
        page.put("error_rate", Math.round(figures.errorRate() * 10_000) / 10_000.0);
        page.put("last_updated", clock.millis() / 1000.0);
        return page;
    }

    private Map<String, Object> rateLimiting() {
        RateLimits limits = sources.limits().get().defaults();
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("requests_per_minute", limits.minute());
        defaults.put("requests_per_hour", limits.hour());
        defaults.put("requests_per_day", limits.day());
        defaults.put("burst_limit", limits.burst());
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("default_limits", defaults);
        page.put("custom_user_rules", sources.limits().get().size());
        page.put("scope", "process");
        page.put("limits_in_force", limitsInForce());
        return page;
    }

    /** The limits that refuse something; one that is unlimited is not in force. */
    private List<String> limitsInForce() {
        RateLimits limits = sources.limits().get().defaults();
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("requests_per_second", limits.burst());
        all.put("requests_per_minute", limits.minute());
        all.put("requests_per_hour", limits.hour());
        all.put("requests_per_day", limits.day());
        all.put("tokens_per_minute", limits.tokensPerMinute());
        all.put("parallel", limits.parallel());
        return all.entrySet().stream()
                .filter(limit -> limit.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    private DynamicAgents dynamic() {
        return sources.directory().dynamic();
    }

    private boolean isPortalDown() {
        return sources.breakers()
                .find(PORTAL)
                .map(breaker -> breaker.getState() == CircuitBreaker.State.OPEN)
                .orElse(false);
    }

    private static String state(CircuitBreaker breaker) {
        return breaker.getState().name().toLowerCase(Locale.ROOT);
    }

    private String now() {
        return MILLISECONDS.format(clock.instant());
    }

    private double uptime() {
        return Duration.between(started, clock.instant()).toMillis() / 1000.0;
    }
}
