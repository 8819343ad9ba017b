package ai.robutler.routing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an edited route file in force while requests run. A file with a mistake is refused, with the reason; the routes that
 * it held before go on. A deleted file takes its routes with it.
 */
public final class RouteReloader {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReloader.class);
    private static final String ENDING = ".camel.yaml";

    private final CamelContext context;
    private final List<Path> folders;
    private final RouteFileCheck check;
    private final long drainSeconds;
    private final Map<Path, String> inForce = new HashMap<>();
    private final Map<Path, String> refused = new ConcurrentHashMap<>();

    /**
     * @param folders where route files are taken from
     * @param drainSeconds how long requests on a replaced route may go on before it is taken away
     */
    public RouteReloader(CamelContext context, List<Path> folders, RouteFileCheck check, long drainSeconds)
            throws IOException {
        this.context = context;
        this.folders = List.copyOf(folders);
        this.check = check;
        this.drainSeconds = drainSeconds;
        inForce.putAll(read());
    }

    /** The files that were refused, with the reason of each. */
    public Map<String, String> refused() {
        Map<String, String> result = new HashMap<>();
        refused.forEach((file, reason) -> result.put(file.getFileName().toString(), reason));
        return result;
    }

    /** Compares the folders with what is in force, and takes what has changed. */
    public synchronized void reload() {
        Map<Path, String> now;
        try {
            now = read();
        } catch (IOException unreadable) {
            LOG.error("cannot read {}; the routes stay as they are", folders, unreadable);
            return;
        }
        now.forEach((file, text) -> {
            if (text.equals(inForce.get(file))) {
                refused.remove(file);
            } else {
                replace(file, text);
            }
        });
        refused.keySet().retainAll(now.keySet());
        List<Path> gone = new ArrayList<>(inForce.keySet());
        gone.removeAll(now.keySet());
        gone.forEach(this::remove);
    }

    private void replace(Path file, String text) {
        boolean begun = false;
        try {
            List<String> findings = check.check(file, text);
            if (!findings.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", findings));
            }
            Resource resource = ResourceHelper.fromString(location(file), text);
            PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource));
            begun = true;
            load(file, text);
            inForce.put(file, text);
            refused.remove(file);
            LOG.info("took {}", file);
        } catch (Exception mistake) {
            String reason = reason(mistake);
            refused.put(file, reason);
            LOG.error("refused {}: {}; the routes before it go on", file, reason);
            if (begun) {
                restore(file);
            }
        }
    }

    /** Loads the text, and removes routes that the file had before and has no longer. */
    private void load(Path file, String text) throws Exception {
        List<String> before = routeIds(file);
        // the doors close first: what has come in goes out on the old routes, what comes now waits for the new ones
        for (String id : before) {
            if (context.getRoute(id).getEndpoint().getEndpointUri().startsWith("platform-http")) {
                context.getRouteController().suspendRoute(id, drainSeconds, TimeUnit.SECONDS);
            }
        }
        withShortDrain(() -> PluginHelper.getRoutesLoader(context)
                .updateRoutes(List.of(ResourceHelper.fromString(location(file), text)))
                .forEach(before::remove));
        for (String id : before) {
            withShortDrain(() -> removeRoute(id));
        }
    }

    /** Puts the last good text back: the new one may have come into force in part. */
    private void restore(Path file) {
        String good = inForce.get(file);
        try {
            if (good == null) {
                for (String id : routeIds(file)) {
                    withShortDrain(() -> removeRoute(id));
                }
            } else {
                load(file, good);
            }
        } catch (Exception failure) {
            LOG.error("cannot put {} back", file, failure);
        }
    }

    private void remove(Path file) {
        try {
            for (String id : routeIds(file)) {
                withShortDrain(() -> removeRoute(id));
            }
            inForce.remove(file);
            refused.remove(file);
            LOG.info("removed the routes of {}", file);
        } catch (Exception failure) {
            LOG.error("cannot remove the routes of {}", file, failure);
        }
    }

    private void removeRoute(String id) throws Exception {
        context.getRouteController().stopRoute(id);
        context.removeRoute(id);
        var definition = ((ModelCamelContext) context).getRouteDefinition(id);
        if (definition != null) {
            ((ModelCamelContext) context).removeRouteDefinition(definition);
        }
    }

    private void withShortDrain(Step step) throws Exception {
        if (!(context.getShutdownStrategy() instanceof DefaultShutdownStrategy strategy)) {
            step.run();
            return;
        }
        long usual = strategy.getTimeout();
        TimeUnit unit = strategy.getTimeUnit();
        strategy.setTimeUnit(TimeUnit.SECONDS);
        strategy.setTimeout(drainSeconds);
        try {
            step.run();
        } finally {
            strategy.setTimeUnit(unit);
            strategy.setTimeout(usual);
        }
    }

    private List<String> routeIds(Path file) {
        List<String> ids = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            Resource source = route.getSourceResource();
            if (source != null && sameFile(source.getLocation(), file)) {
                ids.add(route.getRouteId());
            }
        }
        return ids;
    }

    private static boolean sameFile(String location, Path file) {
        String path = location.replaceFirst("^(file|mem):(//)?", "");
        return Path.of(path)
                .toAbsolutePath()
                .normalize()
                .equals(file.toAbsolutePath().normalize());
    }

    private static String location(Path file) {
        return "file:" + file.toAbsolutePath().normalize();
    }

    private Map<Path, String> read() throws IOException {
        Map<Path, String> texts = new HashMap<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                read(folder, texts);
            }
        }
        return texts;
    }

    private static void read(Path folder, Map<Path, String> texts) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ENDING)).toList()) {
                texts.put(file, Files.readString(file));
            }
        }
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage() == null ? root : root.getMessage());
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }
}
