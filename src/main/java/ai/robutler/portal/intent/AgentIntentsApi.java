package ai.robutler.portal.intent;

import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.agent.Agents;
import ai.robutler.portal.store.Database;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The {@code agentIntentsApi} bean: what an agent can do. */
public final class AgentIntentsApi {
    private final Database database;
    private final Agents agents;
    private final IntentJson json;
    private final Clock clock;
    private final IntentRepository intents = new IntentRepository();

    AgentIntentsApi(Database database, Agents agents, IntentJson json, Clock clock) {
        this.database = database;
        this.agents = agents;
        this.json = json;
        this.clock = clock;
    }

    /** {@code GET /api/agents/{id}/intents}: its own list and what is published for it, newest first. Fails with 404. */
    public ObjectNode list(PortalRequest request) {
        String which = request.pathParameter("agent");
        IntentRepository.PageAt at = new IntentRepository.PageAt(Page.of(request), clock.millis());
        List<Intent> rows = database.read(handle -> {
            String id = agents.visible(handle, request, which).id();
            return intents.list(handle, new IntentFilter(Optional.empty(), Optional.empty(), Optional.of(id)), at);
        });
        return json.listed(at.page(), rows);
    }
}
