package ai.robutler;

import ai.robutler.api.portal.Portal;
import ai.robutler.gateway.model.ModelCatalog;
import ai.robutler.routing.RouteFileCheck;
import ai.robutler.routing.RouteReloader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.main.DefaultMainShutdownStrategy;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the gateway from the folder that it is run in: {@code config}, {@code routes} and {@code kamelets}. */
public final class Application implements AutoCloseable {
    /** The product's version, as clients are told. */
    public static final String VERSION = "2.0.0";

    private static final long RELOAD_DRAIN_SECONDS = 5;

    private final Settings settings;
    private final Optional<PortalConfiguration> portal;
    private final GatewayConfiguration configuration;
    private final Main main;

    /** Prepares a gateway that is not running yet. */
    public Application(Settings settings, Map<String, String> environment) throws IOException {
        this.settings = settings;
        this.portal = RemoteMode.isOn(settings)
                ? Optional.empty()
                : Optional.of(new PortalConfiguration(settings, this::address, this::isStaticAgent));
        try {
            Portal asked = portal.map(PortalConfiguration::portal).orElseGet(() -> RemoteMode.portal(settings));
            this.configuration = new GatewayConfiguration(settings, environment, asked);
        } catch (IOException | RuntimeException failure) {
            portal.ifPresent(PortalConfiguration::close);
            throw failure;
        }
        portal.ifPresent(here -> here.onChange(configuration.portalChanges()));
        this.main = new Main();
        Properties camel = settings.all();
        camel.stringPropertyNames().stream()
                .filter(key -> key.startsWith("openai."))
                .toList()
                .forEach(camel::remove);
        camel.setProperty(
                "camel.main.shutdown-timeout",
                Long.toString(settings.duration("gateway.shutdown-timeout").toSeconds()));
        camel.setProperty("camel.main.routes-include-pattern", routePattern());
        main.setOverrideProperties(camel);
        main.setPropertyPlaceholderLocations("false");
        main.bind("httpServerFactory", configuration.serverFactory());
        main.configure().addConfiguration(configuration);
        portal.ifPresent(embedded -> {
            main.configure().addConfiguration(embedded);
            main.configure()
                    .addConfiguration(
                            new ContentConfiguration(settings, embedded, configuration.steps(), this::address));
            main.configure().addConfiguration(new ArchiveConfiguration(settings, embedded, configuration.steps()));
        });
        main.configure().withShutdownLogInflightExchangesOnTimeout(false);
        if (main.getShutdownStrategy() instanceof DefaultMainShutdownStrategy strategy) {
            strategy.disableHangupSupport();
        }
    }

    /**
     * Without arguments, or with {@code run} alone: starts the server, which runs until the process is told to stop; then it
     * answers what it has begun, and exits with 0. Else runs the command that the arguments are.
     */
    public static void main(String[] args) {
        if (args.length == 0 || (args.length == 1 && args[0].equals("run"))) {
            serve(System.getenv(), System.getProperties());
            return;
        }
        CommandLineHost.run(args, System.getenv(), System.getProperties());
    }

    /** Starts the server and returns; a start that fails ends the process. */
    static void serve(Map<String, String> environment, Properties system) {
        long begun = System.nanoTime();
        Application application;
        try {
            Settings settings = Settings.load(environment, system);
            chooseLogLayout(settings);
            application = new Application(settings, environment);
            application.start();
        } catch (Exception | Error failure) {
            log().error("cannot start: {}", reason(failure));
            log().debug("cannot start", failure);
            Runtime.getRuntime().halt(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> application.endProcess(), "shutdown"));
        if (!RemoteMode.hasAgents(application.settings)) {
            log().warn(
                            "portal.api-key is not set: the portal cannot be asked for agents, so there are static ones only");
        }
        log().info("{}", application.banner((System.nanoTime() - begun) / 1_000_000));
    }

    /** Starts and returns. @throws IllegalArgumentException for a mistake in a route, kamelet, setting or file */
    public void start() throws Exception {
        main.init();
        CamelContext context = main.getCamelContext();
        List<Path> folders = routeFolders(settings);
        RouteFileCheck check = new RouteFileCheck(
                folders,
                settings.path("robutler.kamelets"),
                name -> context.getRegistry().lookupByName(name) != null);
        List<String> findings = check.checkAll();
        if (!findings.isEmpty()) {
            throw new IllegalArgumentException(String.join(";\n", findings));
        }
        main.start();
        if (settings.text("robutler.profile").equals("dev")) {
            RouteReloader reloader = new RouteReloader(context, folders, check, RELOAD_DRAIN_SECONDS);
            configuration.watchRoutes(folders, reloader);
        }
    }

    /** The folders that route files are taken from. */
    static List<Path> routeFolders(Settings settings) {
        Path routes = settings.path("robutler.routes");
        return RemoteMode.isOn(settings) ? List.of(routes) : List.of(routes, routes.resolve("portal"));
    }

    /** Without the portal's folder where the portal is another process. */
    private String routePattern() {
        String pattern = settings.text("camel.main.routes-include-pattern");
        if (portal.isPresent()) {
            return pattern;
        }
        return Arrays.stream(pattern.split(",", -1))
                .filter(entry -> !entry.contains("/portal/"))
                .collect(Collectors.joining(","));
    }

    /** The port that the server listens on. */
    public int port() {
        var server = configuration.server();
        if (server == null) {
            throw new IllegalStateException("the server has not been started");
        }
        return server.getPort();
    }

    private String address() {
        return "http://localhost:" + port();
    }

    private boolean isStaticAgent(String name) {
        return configuration.files().agents().agents().containsKey(name);
    }

    /** The Camel context, for those who embed the gateway. */
    public CamelContext context() {
        return main.getCamelContext();
    }

    /** Answers what has been begun, within the time that is set for it, and refuses everything else. */
    @Override
    public void close() {
        configuration.drain();
        try {
            main.stop();
            main.shutdown();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("Camel did not stop cleanly", failure);
        } finally {
            configuration.close();
            portal.ifPresent(PortalConfiguration::close);
        }
    }

    private void endProcess() {
        int status = 0;
        try {
            log().info(
                            "stopping: answering what has been begun, for at most {} s",
                            settings.duration("gateway.shutdown-timeout").toSeconds());
            close();
        } catch (RuntimeException failure) {
            log().error("did not stop cleanly", failure);
            status = 1;
        }
        // A signal would otherwise be the exit status.
        Runtime.getRuntime().halt(status);
    }

    private String banner(long startMillis) {
        ModelCatalog models = configuration.files().models();
        String base = "http://localhost:" + port();
        String model = models.nameOf(java.util.Optional.empty());
        String agent = configuration.files().agents().agents().keySet().stream()
                .findFirst()
                .orElse("assistant");
        return String.join(
                "\n",
                "",
                "  Robutler " + VERSION + " is ready after " + startMillis + " ms",
                "  agents    "
                        + String.join(
                                ", ", configuration.files().agents().agents().keySet()),
                "  model     " + model + " (" + configuration.files().modelSource() + ")",
                "  address   " + base + " (bound to " + settings.text("camel.server.host") + ")",
                "  portal    " + portalPlace(),
                portal.flatMap(here -> here.newAdminKey()
                                        .map(key -> "  admin     " + key + " (shown this once; also in "
                                                + here.adminKeyFile() + ")\n"))
                                .orElse("")
                        + "  try       curl " + base + "/" + agent
                        + "/chat/completions -H 'Content-Type: application/json' -d '{\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}'",
                "");
    }

    private String portalPlace() {
        if (portal.isPresent()) {
            return "embedded";
        }
        return "remote, " + RemoteMode.address(settings)
                + (RemoteMode.hasAgents(settings) ? "" : " (dynamic agents are off: no portal.api-key is set)");
    }

    /** Must come before the first logger is made. */
    private static void chooseLogLayout(Settings settings) {
        String profile = settings.text("robutler.profile");
        if (!profile.equals("dev") && !profile.equals("prod")) {
            throw new IllegalArgumentException("setting 'robutler.profile' is '" + profile + "'; it takes dev or prod");
        }
        System.setProperty("log.layout", profile.equals("prod") ? "json" : "text");
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Application.class);
    }

    /** Camel points at a mistake in a file with a line that holds nothing but an arrow. */
    private static String oneLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("^"))
                .collect(Collectors.joining(" "));
    }

    private static String reason(Throwable failure) {
        StringBuilder reasons = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && reasons.indexOf(message) < 0) {
                reasons.append(reasons.isEmpty() ? "" : ": ").append(message);
            }
        }
        return reasons.isEmpty() ? failure.toString() : oneLine(reasons.toString());
    }
}
