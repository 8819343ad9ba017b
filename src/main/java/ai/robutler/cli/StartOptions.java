package ai.robutler.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a server is started, when it is otherwise than its settings say. */
final class StartOptions {
    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--port", paramLabel = "N", description = "The port to listen on; 0 takes a free one.")
    private @Nullable Integer port;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();

    /** The settings that these stand for. */
    Map<String, String> settings() {
        Map<String, String> settings = data.settings();
        if (port != null && (port < 0 || port > 65_535)) {
            throw Failure.usage("--port takes a number from 0 to 65535");
        }
        if (port != null) {
            settings.put("camel.server.port", port.toString());
        }
        return settings;
    }
}
