package ai.robutler.portal.agent;

import ai.robutler.portal.store.Database;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code agentNames} bean: says by which name the gateway knows an agent. */
public final class AgentNames {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Database database;
    private final AgentRepository agents;

    /** Names of the agents in this database. */
    public AgentNames(Database database, AgentRepository agents) {
        this.database = database;
        this.agents = agents;
    }

    /** The name of the agent of that id; what is no agent's id comes back as it is. */
    public String of(String idOrName) {
        if (!ID.matcher(idOrName).matches()) {
            return idOrName;
        }
        Optional<String> name = database.read(handle -> agents.nameOf(handle, idOrName));
        return name.orElse(idOrName);
    }
}
