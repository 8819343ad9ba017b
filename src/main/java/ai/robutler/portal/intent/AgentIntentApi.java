package ai.robutler.portal.intent;

import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.agent.Agents;
import ai.robutler.portal.agent.StoredAgent;
import ai.robutler.portal.store.Database;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The {@code agentIntentApi} bean: the intents of one agent. */
public final class AgentIntentApi {
    private final Database database;
    private final Agents agents;
    private final IntentJson json;
    private final Clock clock;
    private final IntentRepository intents = new IntentRepository();

    AgentIntentApi(Database database, Agents agents, IntentJson json, Clock clock) {
        this.database = database;
        this.agents = agents;
        this.json = json;
        this.clock = clock;
    }

    /**
     * {@code GET /api/agents/{id}/intents}: those of the agent's own list, and those that its owner has published for it; newest
     * first. Fails with 404.
     */
    public ObjectNode list(PortalRequest request) {
        IntentRepository.PageAt at = new IntentRepository.PageAt(Page.of(request), clock.millis());
        List<Intent> rows = database.read(handle -> {
            StoredAgent agent = agents.visible(handle, request, request.pathParameter("agent"));
            return intents.list(handle, Optional.of(agent.ownerId()), Optional.of(agent.id()), at);
        });
        return json.page(Json.object(), at.page(), rows);
    }
}
