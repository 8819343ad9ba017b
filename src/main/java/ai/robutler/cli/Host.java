package ai.robutler.cli;

import java.io.IOException;
import java.util.Map;

/** What the command line is given by the process that it runs in; it reads nothing else of it. */
public interface Host {
    /** Where it is typed. */
    Terminal terminal();

    /** The environment's variables. */
    Map<String, String> environment();

    /** The product's version. */
    String version();

    /** The server of the folder that the command is run in, as it is set up. @throws IllegalArgumentException for a mistake in its settings */
    LocalServer localServer() throws IOException;

    /**
     * Starts the server, which goes on when the command line has returned.
     *
     * @param settings override what the files and the environment say, by their names
     */
    void serve(Map<String, String> settings);

    /** Checks what a server would be started with. */
    ConfigurationCheck configurationCheck();

    /**
     * Copies the portal's data.
     *
     * @param settings as for {@link #serve}
     */
    Archive archive(Map<String, String> settings) throws IOException;
}
