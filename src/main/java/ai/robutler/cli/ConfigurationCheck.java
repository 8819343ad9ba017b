package ai.robutler.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Looks for mistakes in what a server would be started with; opens no port, no database and no connection. */
@FunctionalInterface
public interface ConfigurationCheck {
    /**
     * The mistakes, by file and line; none when a server would start.
     *
     * @param settings override what the files and the environment say, by their names
     */
    List<Finding> findings(Map<String, String> settings) throws IOException;
}
