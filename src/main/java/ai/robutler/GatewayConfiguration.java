package ai.robutler;

import ai.robutler.api.AgentName;
import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.breaker.AsyncBreakers;
import ai.robutler.gateway.agent.AgentDirectory;
import ai.robutler.gateway.agent.AgentFiles;
import ai.robutler.gateway.agent.AgentPages;
import ai.robutler.gateway.chat.ChatRequestReader;
import ai.robutler.gateway.idempotency.AnswerStore;
import ai.robutler.gateway.identity.AuthFailures;
import ai.robutler.gateway.identity.CallerIdentity;
import ai.robutler.gateway.identity.TrustedProxies;
import ai.robutler.gateway.limits.CallerLimits;
import ai.robutler.gateway.model.AnswerRelay;
import ai.robutler.gateway.model.ModelClient;
import ai.robutler.gateway.model.ModelOpen;
import ai.robutler.gateway.model.ModelRouter;
import ai.robutler.gateway.operations.NotFound;
import ai.robutler.gateway.operations.Resources;
import ai.robutler.gateway.operations.ServerStatus;
import ai.robutler.gateway.ratelimit.ParallelLimiter;
import ai.robutler.gateway.ratelimit.RateLimiter;
import ai.robutler.gateway.ratelimit.TokenLimiter;
import ai.robutler.gateway.usage.GatewayMeters;
import ai.robutler.gateway.usage.RequestFigures;
import ai.robutler.gateway.usage.UsageLog;
import ai.robutler.gateway.usage.UsageQueue;
import ai.robutler.http.AsyncHttpEngine;
import ai.robutler.http.ErrorWriter;
import ai.robutler.http.GatewayHttpServer;
import ai.robutler.http.HttpSettings;
import ai.robutler.http.StepExecutor;
import ai.robutler.routing.RouteReloader;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * Every gateway bean that a route or kamelet names, built once, and the HTTP server. To embed the gateway in a context of
 * your own, call {@link #configure} before its routes are added.
 */
public class GatewayConfiguration implements CamelConfiguration, AutoCloseable {
    private final Settings settings;
    private final PortalAccess portal;
    private final Vertx vertx;
    private final StepExecutor steps;
    private final ModelClient modelClient;
    private final OperatorFiles files;
    private final GatewayMeters meters;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RequestFigures figures = new RequestFigures(System::nanoTime);
    private final HttpSettings http;
    private final UsageQueue usage;
    private final AtomicReference<GatewayHttpServer> server = new AtomicReference<>();
    private final Instant started = Instant.now();
    private volatile Supplier<Map<String, String>> refusedRoutes = Map::of;

    /** Builds what needs no Camel context. @throws IllegalArgumentException for a setting or file with a mistake */
    @SuppressWarnings("this-escape")
    public GatewayConfiguration(Settings settings, Map<String, String> environment, Portal portal) throws IOException {
        this.settings = settings;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
                .setPreferNativeTransport(false));
        this.steps =
                new StepExecutor(settings.integer("gateway.workers", 1), settings.integer("gateway.workers-queue", 1));
        this.modelClient = new ModelClient(
                vertx,
                new ModelClient.Limits(
                        settings.integer("gateway.model.max-connections", 1),
                        settings.integer("gateway.model.max-waiting", 1),
                        settings.integer("gateway.model.max-answer-bytes", 1024)));
        this.files = new OperatorFiles(settings, environment, vertx);
        this.portal = new PortalAccess(settings, portal, RemoteMode.hasAgents(settings), files::apiKeys, steps);
        this.http = httpSettings();
        this.usage = new UsageQueue(settings.integer("gateway.usage.queue", 1));
        AgentFiles agents = files.agents();
        this.meters = new GatewayMeters(
                registry,
                figures,
                () -> agents.agents().size() + this.portal.agents().size());
    }

    /** The files that the operator edits, as they are in force. */
    public OperatorFiles files() {
        return files;
    }

    /** Where steps run that may block. */
    StepExecutor steps() {
        return steps;
    }

    /** The HTTP server; null before the context has started it. */
    public @Nullable GatewayHttpServer server() {
        return server.get();
    }

    /** Who is to be told of changes in a portal of the same process. */
    public PortalChanges portalChanges() {
        return portal;
    }

    /** Has Camel's {@code camel.server.*} settings start our server; must be in the registry before the context is configured. */
    public MainHttpServerFactory serverFactory() {
        return new ServerFactory();
    }

    @Override
    public void configure(CamelContext context) {
        Registry beans = context.getRegistry();
        CircuitBreakerRegistry breakers = AsyncBreakers.install(context);
        showBreakers(breakers);
        AsyncHttpEngine engine = new AsyncHttpEngine(http, steps, meters);
        engine.setCamelContext(context);
        beans.bind("platform-http-engine", PlatformHttpEngine.class, engine);
        beans.bind("vertx", vertx);

        AgentDirectory directory = new AgentDirectory(files.agents()::agents, portal.agents(), portal::agentName);
        CallerLimits limits = callerLimits();
        files.onLimitsChanged(limits::replace);
        Clock clock = Clock.systemUTC();
        beans.bind("callerIdentity", callerIdentity());
        beans.bind("callerLimits", limits);
        beans.bind(
                "chatRequestReader",
                new ChatRequestReader(
                        settings.integer("gateway.max-json-depth", 1), settings.integer("gateway.max-messages", 1)));
        beans.bind("agentDirectory", directory);
        beans.bind(
                "agentPages", new AgentPages(directory, model -> files.models().nameOf(model), started));
        beans.bind(
                "answerStore",
                new AnswerStore(
                        settings.duration("gateway.idempotency.ttl"),
                        settings.number("gateway.idempotency.max-bytes", 0),
                        Ticker.systemTicker()));
        beans.bind("modelRouter", modelRouter());
        beans.bind("modelOpen", new ModelOpen(modelClient, steps));
        beans.bind(
                "answerRelay",
                new AnswerRelay(
                        engine,
                        steps,
                        () -> breakers,
                        clock,
                        new AnswerRelay.Times(
                                settings.duration("gateway.keep-alive-interval"),
                                settings.duration("gateway.stall-timeout"))));
        beans.bind("usageLog", new UsageLog(meters));
        beans.bind("usageQueue", usage);
        beans.bind("serverStatus", serverStatus(directory, breakers, limits, clock));
        beans.bind("publicResources", new Resources(registry));
        beans.bind("notFound", new NotFound(RemoteMode.address(settings)));
        beans.bind("portalCalls", portal.bind(context));
        beans.bind("errorWriter", new ErrorWriter());
        beans.bind("portalRequests", new PortalRequests(settings.integer("gateway.max-json-depth", 1)));
    }

    /** Has edited route files taken, and those that are refused told of by {@code /ready}. */
    void watchRoutes(List<Path> folders, RouteReloader reloader) {
        refusedRoutes = reloader::refused;
        folders.forEach(folder -> files.watch(folder, reloader::reload));
    }

    /** Refuses new requests from now on, and lets those that are being answered go on. */
    public void drain() {
        GatewayHttpServer running = server.get();
        if (running != null) {
            running.drain();
        }
    }

    @Override
    public void close() {
        files.close();
        usage.finish();
        modelClient.close();
        steps.close();
        vertx.close();
    }

    private HttpSettings httpSettings() {
        return new HttpSettings(
                settings.number("gateway.max-body-bytes", 1),
                settings.integer("gateway.max-header-bytes", 256),
                settings.duration("gateway.header-timeout"),
                settings.duration("gateway.body-timeout"),
                settings.duration("gateway.idle-timeout"),
                settings.duration("gateway.reload-wait"),
                settings.duration("gateway.stall-timeout"),
                settings.list("gateway.cors-origins"),
                settings.list("gateway.response-headers"));
    }

    private CallerIdentity callerIdentity() {
        return new CallerIdentity(
                portal.keys()::find,
                new TrustedProxies(settings.list("gateway.trusted-proxies")),
                new AuthFailures(
                        settings.number("gateway.auth-failures-per-minute", 0),
                        settings.number("gateway.rate-limit.max-identities", 1),
                        System::nanoTime),
                principal -> principal.portal().ifPresent(owner -> portal.keyUsed(owner.keyId())));
    }

    private CallerLimits callerLimits() {
        long most = settings.number("gateway.rate-limit.max-identities", 1);
        return new CallerLimits(
                new RateLimiter(files.limits(), most, System::nanoTime, Clock.systemUTC()),
                new TokenLimiter(files.limits(), most, System::nanoTime, Clock.systemUTC()),
                new ParallelLimiter(System::nanoTime),
                meters,
                settings.duration("gateway.request-timeout").plus(Duration.ofHours(1)));
    }

    private ModelRouter modelRouter() {
        return new ModelRouter(
                files::models,
                settings.integer("gateway.model.retries", 0),
                Duration.ofSeconds(settings.number("gateway.model.breaker.open-seconds", 1)));
    }

    private ServerStatus serverStatus(
            AgentDirectory directory, CircuitBreakerRegistry breakers, CallerLimits limits, Clock clock) {
        Info.builder()
                .name("robutler_server_info")
                .labelNames("version")
                .register(registry.getPrometheusRegistry())
                .setLabelValues(Application.VERSION);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        Gauge.builder(
                        "robutler.dynamic.agents.cache.size",
                        () -> portal.agents().size())
                .register(registry);
        return new ServerStatus(
                new ServerStatus.Sources(
                        Application.VERSION,
                        directory,
                        this::troubles,
                        breakers,
                        figures,
                        limits::rules,
                        this::draining,
                        settings.duration("gateway.request-timeout")),
                clock,
                started);
    }

    private Map<String, String> troubles() {
        Map<String, String> troubles = new LinkedHashMap<>(files.refused());
        troubles.putAll(refusedRoutes.get());
        files.agents().agents().values().forEach(agent -> {
            if (files.models().targets(agent.model(), new java.util.Random(0)).isEmpty()) {
                troubles.put(agent.name(), "no provider serves the model of agent '" + agent.name() + "'");
            }
        });
        return troubles;
    }

    private boolean draining() {
        GatewayHttpServer running = server.get();
        return running != null && running.isDraining();
    }

    /** 0 closed, 1 open, 2 half-open, and so on, in resilience4j's order. */
    private void showBreakers(CircuitBreakerRegistry breakers) {
        breakers.getEventPublisher()
                .onEntryAdded(added -> Gauge.builder(
                                "robutler.circuit.breaker.state",
                                added.getAddedEntry(),
                                breaker -> breaker.getState().getOrder())
                        .tags(Tags.of("name", added.getAddedEntry().getName()))
                        .register(registry));
    }

    private final class ServerFactory implements MainHttpServerFactory {
        @Override
        public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
            VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
            configuration.setBindHost(properties.getHost());
            configuration.setBindPort(properties.getPort());
            GatewayHttpServer made = new GatewayHttpServer(
                    configuration,
                    vertx,
                    http,
                    meters,
                    name -> AgentName.of(name).isPresent());
            made.setCamelContext(context);
            server.set(made);
            return made;
        }

        @Override
        public Service newHttpManagementServer(
                CamelContext context, HttpManagementServerConfigurationProperties properties) {
            throw new IllegalArgumentException("camel.management is not supported; use /health, /ready and /metrics");
        }
    }
}
