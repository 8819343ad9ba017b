package ai.robutler;

import ai.robutler.gateway.agent.AgentFiles;
import ai.robutler.gateway.identity.ApiKeys;
import ai.robutler.gateway.model.LocalModelProbe;
import ai.robutler.gateway.model.ModelCatalog;
import ai.robutler.gateway.model.ModelsFile;
import ai.robutler.gateway.model.Provider;
import ai.robutler.gateway.model.Secret;
import ai.robutler.gateway.model.demo.DemoModelServer;
import ai.robutler.gateway.ratelimit.RateLimitRules;
import ai.robutler.gateway.ratelimit.RateLimits;
import ai.robutler.gateway.reload.FileWatcher;
import ai.robutler.gateway.reload.YamlFile;
import ai.robutler.http.BaseUrlGuard;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of {@code config/} as they are in force: agents, models, API keys, limits. Each is taken again when it changes;
 * one with a mistake is refused, with the reason, and what it held before stays.
 */
public final class OperatorFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorFiles.class);
    private static final String LIMITS = "limits.yaml";
    private static final String SETTINGS = "application.properties";
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(300);

    private final Settings settings;
    private final Path folder;
    private final AgentFiles agents;
    private final ModelsFile modelsFile;
    private final DemoModelServer demo;
    private final FileWatcher watcher = new FileWatcher(LOOK_INTERVAL);
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    private volatile ModelCatalog models;
    private volatile ApiKeys apiKeys;
    private volatile RateLimitRules limits;
    private volatile Consumer<RateLimitRules> limitsListener = rules -> {};
    private volatile String modelSource = "";
    private int demoPort;

    /** Reads everything once. @throws IllegalArgumentException for a mistake in models, keys or limits: the start stops */
    OperatorFiles(Settings settings, Map<String, String> environment, Vertx vertx) throws IOException {
        this.settings = settings;
        this.folder = settings.path("robutler.config");
        this.agents = new AgentFiles(folder.resolve("agents"));
        this.modelsFile = new ModelsFile(
                BaseUrlGuard.withSystemNames(settings.list("gateway.internal-hosts")),
                new Provider.Timeouts(
                        settings.duration("gateway.model.connect-timeout"),
                        settings.duration("gateway.request-timeout"),
                        settings.duration("gateway.model.idle-timeout")),
                environment);
        this.demo = new DemoModelServer(vertx);
        this.models = readModels();
        this.apiKeys = readKeys();
        this.limits = readLimits(settings);
        watch("agents", agents::reload);
        watch("models.yaml", () -> models = readModels());
        watch("api-keys.yaml", () -> apiKeys = readKeys());
        watch(LIMITS, this::takeLimits);
        watch(SETTINGS, this::takeLimits);
    }

    /** The agents in force. */
    public AgentFiles agents() {
        return agents;
    }

    /** The providers in force. */
    public ModelCatalog models() {
        return models;
    }

    /** How the model was chosen, in words for the banner. */
    public String modelSource() {
        return modelSource;
    }

    /** The API keys in force. */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    /** The limits in force. */
    public RateLimitRules limits() {
        return limits;
    }

    /** Who is told of new limits. */
    void onLimitsChanged(Consumer<RateLimitRules> listener) {
        this.limitsListener = listener;
    }

    /** Calls back when a file or folder changes. */
    void watch(Path path, Runnable changed) {
        watcher.watch(path, changed);
    }

    /** The files that were refused, with the reason of each. */
    public Map<String, String> refused() {
        Map<String, String> all = new LinkedHashMap<>(agents.refused());
        all.putAll(refused);
        return all;
    }

    @Override
    public void close() {
        watcher.close();
        demo.close();
    }

    private void watch(String name, Change change) {
        watcher.watch(folder.resolve(name), () -> {
            try {
                change.take();
                refused.remove(name);
                LOG.info("took {}", folder.resolve(name));
            } catch (RuntimeException | IOException mistake) {
                String reason = String.valueOf(mistake.getMessage());
                refused.put(name, reason);
                LOG.error("refused {}: {}; what it held before goes on", folder.resolve(name), reason);
            }
        });
    }

    /** Both files make the limits: once they are taken, no earlier refusal of either stands. */
    private void takeLimits() throws IOException {
        limits = readLimits(settings.reload());
        limitsListener.accept(limits);
        refused.keySet().removeAll(List.of(LIMITS, SETTINGS));
    }

    private RateLimitRules readLimits(Settings current) {
        RateLimits defaults = new RateLimits(
                current.number("gateway.rate-limit.burst", 0),
                current.number("gateway.rate-limit.minute", 0),
                current.number("gateway.rate-limit.hour", 0),
                current.number("gateway.rate-limit.day", 0),
                current.number("gateway.rate-limit.tokens-per-minute", 0),
                current.number("gateway.rate-limit.parallel", 0));
        Path file = folder.resolve(LIMITS);
        return Files.exists(file) ? RateLimitRules.read(file, defaults) : RateLimitRules.none(defaults);
    }

    private ApiKeys readKeys() throws IOException {
        return ApiKeys.read(YamlFile.read(folder.resolve("api-keys.yaml")));
    }

    /** The configured providers; with none, the environment's; with none, a model server on this machine; else the demo. */
    private ModelCatalog readModels() throws IOException {
        ModelCatalog configured = modelsFile.read(folder.resolve("models.yaml"));
        if (!configured.providers().isEmpty()) {
            modelSource = "config/models.yaml";
            return configured;
        }
        Provider provider = environmentProvider().or(this::localProvider).orElseGet(this::demoProvider);
        return new ModelCatalog(List.of(provider), configured.aliases());
    }

    private Optional<Provider> environmentProvider() {
        String url = settings.text("openai.base-url");
        String key = settings.text("openai.api-key");
        if (url.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        String model = settings.text("openai.model").isEmpty() ? "gpt-4o-mini" : settings.text("openai.model");
        String baseUrl = url.isEmpty() ? "https://api.openai.com/v1" : url;
        modelSource = url.isEmpty() ? "OPENAI_API_KEY" : "OPENAI_BASE_URL";
        return Optional.of(modelsFile.provider("openai", baseUrl, new Secret(key), model));
    }

    private Optional<Provider> localProvider() {
        return new LocalModelProbe(settings.list("gateway.model.local-servers"), PROBE_TIMEOUT)
                .find()
                .map(found -> {
                    modelSource = "a model server found on this machine";
                    return modelsFile.provider(
                            "local",
                            found.baseUrl(),
                            Secret.NONE,
                            found.models().get(0));
                });
    }

    private Provider demoProvider() {
        modelSource = "the built-in demo: no language model is connected";
        if (demoPort == 0) {
            demoPort = demo.start().toCompletionStage().toCompletableFuture().join();
        }
        return modelsFile.provider("demo", "http://127.0.0.1:" + demoPort + "/v1", Secret.NONE, "demo");
    }

    @FunctionalInterface
    private interface Change {
        void take() throws IOException;
    }
}
