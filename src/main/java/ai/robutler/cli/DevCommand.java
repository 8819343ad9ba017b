package ai.robutler.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code robutler dev}: the server for those who edit its routes. */
@Command(
        name = "dev",
        description = "Starts the server for development: edited routes take effect at once, logs are text.",
        footer = {"robutler dev", "robutler dev --port 9000"})
final class DevCommand implements Callable<Integer> {
    private final Host host;

    @Mixin
    private StartOptions start = new StartOptions();

    DevCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() {
        Map<String, String> settings = start.settings();
        settings.put("robutler.profile", "dev");
        host.serve(settings);
        return ExitCode.OK;
    }
}
