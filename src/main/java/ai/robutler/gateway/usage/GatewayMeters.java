package ai.robutler.gateway.usage;

import ai.robutler.http.HttpCall;
import ai.robutler.http.HttpObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The gateway's meters; no other class makes one. Prometheus shows {@code robutler.tokens.used} as
 * {@code robutler_tokens_used_total}. Labels come from bounded sets only: a user's, key's or raw path's would make a series
 * each.
 */
public final class GatewayMeters implements HttpObserver {
    private static final int MAX_AGENTS = 1_000;
    private static final int MAX_MODELS = 1_000;
    private static final Duration[] SECONDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        Duration.ofSeconds(300)
    };
    private static final Duration[] MICROS = {
        Duration.ofNanos(50_000),
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofSeconds(1)
    };

    private final MeterRegistry registry;
    private final RequestFigures figures;
    private final BoundedNames agents = new BoundedNames(MAX_AGENTS);
    private final BoundedNames models = new BoundedNames(MAX_MODELS);
    private final Map<RequestLabels, Timer> requestTimers = new ConcurrentHashMap<>();
    private final Map<RequestLabels, Counter> requestCounters = new ConcurrentHashMap<>();
    private final Map<Pair, AtomicInteger> inProgress = new ConcurrentHashMap<>();
    private final Map<Pair, Timer> agentTimers = new ConcurrentHashMap<>();
    private final Map<Pair, Counter> agentCounters = new ConcurrentHashMap<>();
    private final Map<Pair, Timer> firstTokens = new ConcurrentHashMap<>();
    private final Map<Pair, Counter> tokens = new ConcurrentHashMap<>();
    private final Timer overhead;

    /**
     * @param registry where the meters live
     * @param figures told of each request as well
     * @param activeAgents how many agents are served now
     */
    public GatewayMeters(MeterRegistry registry, RequestFigures figures, Supplier<Number> activeAgents) {
        this.registry = registry;
        this.figures = figures;
        this.overhead = Timer.builder("robutler.gateway.overhead")
                .serviceLevelObjectives(MICROS)
                .register(registry);
        Gauge.builder("robutler.active.agents", activeAgents).register(registry);
    }

    @Override
    public void started(HttpCall call) {
        figures.started();
    }

    @Override
    public void matched(HttpCall call) {
        progress(call.request().method().name(), call.route()).incrementAndGet();
    }

    @Override
    public void ended(HttpCall call, int status) {
        long nanos = System.nanoTime() - call.startedNanos();
        figures.ended(nanos, status);
        String method = call.request().method().name();
        String agent = call.agent().isEmpty() ? "" : agents.of(call.agent());
        if (!call.route().equals(HttpCall.UNMATCHED)) {
            progress(method, call.route()).decrementAndGet();
        }
        String knownMethod = knownMethod(method);
        request(new RequestLabels(knownMethod, call.route(), status, agent), nanos);
        if (call.modelNanos() > 0) {
            answered(call, agent, nanos);
        }
        String error = call.errorCode();
        if (error != null && !agent.isEmpty()) {
            registry.counter("robutler.agent.errors", "agent_name", agent, "error_type", error)
                    .increment();
        }
    }

    private void request(RequestLabels labels, long nanos) {
        cached(requestCounters, labels, l -> registry.counter("robutler.http.requests", l.tags(true)))
                .increment();
        cached(requestTimers, labels.anyStatus(), l -> timer("robutler.http.request.duration", l.tags(false)))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private void answered(HttpCall call, String agent, long nanos) {
        Pair labels = new Pair(agent, Boolean.toString(call.stream()));
        cached(agentCounters, labels, l -> registry.counter("robutler.agent.requests", l.tags("agent_name", "stream")))
                .increment();
        cached(agentTimers, labels, l -> timer("robutler.agent.request.duration", l.tags("agent_name", "stream")))
                .record(nanos, TimeUnit.NANOSECONDS);
        if (!call.stream()) {
            overhead.record(Math.max(0, nanos - call.modelNanos()), TimeUnit.NANOSECONDS);
        }
    }

    /** Counts the tokens of one answer, and how long its first took. */
    public void answer(UsageRecord usage) {
        Pair labels = new Pair(agents.of(usage.agent()), models.of(usage.model()));
        cached(tokens, labels, l -> registry.counter("robutler.tokens.used", l.tags("agent_name", "model")))
                .increment((double) usage.usage().totalTokens());
        cached(firstTokens, labels, l -> timer("robutler.time.to.first.token", l.tags("agent_name", "model")))
                .record(usage.firstTokenNanos(), TimeUnit.NANOSECONDS);
    }

    /** Counts a request that a limit refused. */
    public void limited(String clientType, String limitType) {
        registry.counter("robutler.rate.limit.exceeded", "client_type", clientType, "limit_type", limitType)
                .increment();
    }

    private AtomicInteger progress(String method, String path) {
        return cached(inProgress, new Pair(knownMethod(method), path), labels -> {
            AtomicInteger now = new AtomicInteger();
            Gauge.builder("robutler.http.requests.in.progress", now, AtomicInteger::get)
                    .tags(labels.tags("method", "path"))
                    .register(registry);
            return now;
        });
    }

    private Timer timer(String name, Tags tags) {
        return Timer.builder(name).tags(tags).serviceLevelObjectives(SECONDS).register(registry);
    }

    private static <K, M> M cached(Map<K, M> meters, K labels, Function<K, M> make) {
        M meter = meters.get(labels);
        return meter == null ? meters.computeIfAbsent(labels, make) : meter;
    }

    /** HTTP allows any word for a method; only the usual ones are labels. */
    private static String knownMethod(String method) {
        return switch (method) {
            case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS" -> method;
            default -> "other";
        };
    }

    private record Pair(String first, String second) {
        Tags tags(String firstName, String secondName) {
            return Tags.of(firstName, first, secondName, second);
        }
    }

    private record RequestLabels(String method, String path, int status, String agent) {
        RequestLabels anyStatus() {
            return new RequestLabels(method, path, 0, agent);
        }

        Tags tags(boolean withStatus) {
            Tags tags = Tags.of("method", method, "path", path, "agent_name", agent);
            return withStatus ? tags.and("status_code", Integer.toString(status)) : tags;
        }
    }
}
