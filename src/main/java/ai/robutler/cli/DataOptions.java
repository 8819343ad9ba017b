package ai.robutler.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a server's files and data are, when they are elsewhere than its settings say. */
final class DataOptions {
    @Mixin
    private FolderOptions folders = new FolderOptions();

    @Option(names = "--data", paramLabel = "DIR", description = "The folder of database, content and admin's key.")
    private @Nullable Path data;

    /** The settings that these stand for. */
    Map<String, String> settings() {
        Map<String, String> settings = folders.settings();
        if (data != null) {
            settings.put("robutler.data", data.toString());
        }
        return settings;
    }
}
