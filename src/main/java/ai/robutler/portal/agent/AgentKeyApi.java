package ai.robutler.portal.agent;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.key.KeyJson;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The {@code agentKeyApi} bean: the keys that agents themselves use. */
public final class AgentKeyApi {
    private final Database database;
    private final FirstAnswers firstAnswers;
    private final Agents agents;
    private final AgentKeys keys;

    /** Keys of agents in this database. */
    public AgentKeyApi(Database database, FirstAnswers firstAnswers, Agents agents, AgentKeys keys) {
        this.database = database;
        this.firstAnswers = firstAnswers;
        this.agents = agents;
        this.keys = keys;
    }

    /** {@code GET /api/agents/{id}/api-key}. Always fails with 404: no key is kept that could be told. */
    public ObjectNode get(PortalRequest request) {
        String which = request.pathParameter("agent");
        StoredAgent agent = database.read(handle -> agents.own(handle, request, which));
        throw ApiException.of(
                ErrorCode.NOT_FOUND,
                "The key of agent '" + agent.name() + "' was shown once, when it was made, and is not kept;"
                        + " make a new one with POST /api/agents/" + agent.id() + "/api-key");
    }

    /** {@code POST /api/agents/{id}/api-key}: a new key, beside those that the agent has. Fails with 404. */
    public ObjectNode create(PortalRequest request) {
        String which = request.pathParameter("agent");
        return firstAnswers.once(request, handle -> {
            AgentKeys.Made made = keys.create(handle, agents.own(handle, request, which));
            ObjectNode answer = Json.object();
            answer.put("rawKey", made.rawKey());
            answer.set("key", KeyJson.ofNew(made.key()));
            return answer;
        });
    }
}
