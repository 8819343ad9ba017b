package ai.robutler;

import ai.robutler.cli.Archive;
import ai.robutler.cli.CommandLineInterface;
import ai.robutler.cli.ConfigurationCheck;
import ai.robutler.cli.Host;
import ai.robutler.cli.LocalServer;
import ai.robutler.cli.Terminal;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;

/** The process that a command is run in. */
final class CommandLineHost implements Host {
    private final Map<String, String> environment;
    private final Properties system;
    private final Terminal terminal;
    private boolean serving;

    CommandLineHost(Map<String, String> environment, Properties system, Terminal terminal) {
        this.environment = environment;
        this.system = system;
        this.terminal = terminal;
    }

    /** Runs one command and ends the process with its exit status, unless it has started a server. */
    static void run(String[] arguments, Map<String, String> environment, Properties system) {
        CommandLineHost host = new CommandLineHost(environment, system, ProcessTerminal.open(environment));
        int exitCode = new CommandLineInterface(host).run(arguments);
        if (!host.serving) {
            System.exit(exitCode);
        }
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public String version() {
        return Application.VERSION;
    }

    @Override
    public LocalServer localServer() throws IOException {
        Settings settings = Settings.load(environment, system);
        return new LocalServer(settings.integer("camel.server.port", 0), settings.path("robutler.data"));
    }

    @Override
    public void serve(Map<String, String> settings) {
        settings.forEach(system::setProperty);
        serving = true;
        Application.serve(environment, system);
    }

    @Override
    public ConfigurationCheck configurationCheck() {
        silenceLog();
        return new StartCheck(environment, system);
    }

    @Override
    public Archive archive(Map<String, String> settings) throws IOException {
        silenceLog();
        settings.forEach(system::setProperty);
        return new LocalArchive(Settings.load(environment, system));
    }

    /** What is wrong is told by the command; must come before the first logger is made. */
    private void silenceLog() {
        system.setProperty("log.level", "off");
    }
}
