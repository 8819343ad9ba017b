package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code robutler version}: what this is, and what it runs on. */
@Command(
        name = "version",
        description = "Tells the version.",
        footer = {"robutler version", "robutler version -o json"})
final class VersionCommand implements Callable<Integer> {
    private final Host host;

    @Mixin
    private OutputOptions options = new OutputOptions();

    VersionCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() {
        new Output(host, options)
                .show(JsonNodeFactory.instance
                        .objectNode()
                        .put("robutler", host.version())
                        .put("java", System.getProperty("java.runtime.version"))
                        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch")));
        return ExitCode.OK;
    }
}
