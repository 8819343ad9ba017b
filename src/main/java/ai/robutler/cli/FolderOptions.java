package ai.robutler.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server's files are, when they are elsewhere than its settings say. */
final class FolderOptions {
    @Option(names = "--config", paramLabel = "DIR", description = "The folder of settings, agents and models.")
    private @Nullable Path config;

    @Option(names = "--routes", paramLabel = "DIR", description = "The folder of routes.")
    private @Nullable Path routes;

    @Option(names = "--kamelets", paramLabel = "DIR", description = "The folder of kamelets.")
    private @Nullable Path kamelets;

    /** The settings that these stand for. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        put(settings, "robutler.config", config);
        put(settings, "robutler.routes", routes);
        put(settings, "robutler.kamelets", kamelets);
        return settings;
    }

    private static void put(Map<String, String> settings, String key, @Nullable Path folder) {
        if (folder != null) {
            settings.put(key, folder.toString());
        }
    }
}
