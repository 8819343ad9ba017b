package ai.robutler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code robutler run}: the server itself. */
@Command(
        name = "run",
        description = "Starts the server; so does robutler alone. Stop it with Ctrl-C.",
        footer = {"robutler run", "robutler run --port 9000 --data /var/lib/robutler"})
final class RunCommand implements Callable<Integer> {
    private final Host host;

    @Mixin
    private StartOptions start = new StartOptions();

    RunCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() {
        host.serve(start.settings());
        return ExitCode.OK;
    }
}
