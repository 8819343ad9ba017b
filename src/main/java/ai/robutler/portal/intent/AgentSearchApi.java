package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.agent.AgentJson;
import ai.robutler.portal.agent.AgentRepository;
import ai.robutler.portal.agent.Agents;
import ai.robutler.portal.store.Database;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The {@code agentSearchApi} bean: finds agents that the caller may see, by what they are and what they can do. */
public final class AgentSearchApi {
    private static final int MOST_CAPABILITIES = 10;

    private final Database database;
    private final AgentSearch search;
    private final AgentCatalog catalog;
    private final Agents agents;
    private final AgentJson json;
    private final AgentRepository repository = new AgentRepository();

    AgentSearchApi(Database database, AgentSearch search, AgentCatalog catalog, Agents agents, AgentJson json) {
        this.database = database;
        this.search = search;
        this.catalog = catalog;
        this.agents = agents;
        this.json = json;
    }

    /** {@code POST /api/agents/search}: by name, description and intents, or by those that {@code fields} names. */
    public ObjectNode search(PortalRequest request) {
        AgentQuestion question = AgentQuestion.read(request.fields());
        return answer(search.find(question, request), question.most(), request);
    }

    /**
     * {@code GET /api/agents/discover}: agents that can do some of the {@code capabilities}, those that can do the most of
     * them first.
     */
    public ObjectNode discover(PortalRequest request) {
        int most = limit(request);
        List<String> capabilities = request.query().getOrDefault("capabilities", List.of()).stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        boolean tooLong = capabilities.stream().anyMatch(text -> text.length() > IntentReader.MOST_INTENT);
        if (capabilities.isEmpty() || capabilities.size() > MOST_CAPABILITIES || tooLong) {
            throw ApiException.inField(
                    "capabilities",
                    "The parameter 'capabilities' takes what agents should be able to do; repeat it for up to "
                            + MOST_CAPABILITIES + " of them, of at most " + IntentReader.MOST_INTENT + " characters");
        }
        return answer(search.discover(capabilities, request), most, request);
    }

    /** {@code GET /api/agents/{id}/similar}. Fails with 404. */
    public ObjectNode similar(PortalRequest request) {
        int most = limit(request);
        String which = request.pathParameter("agent");
        String id =
                database.read(handle -> agents.visible(handle, request, which)).id();
        return answer(search.similar(id, most, request), most, request);
    }

    private static int limit(PortalRequest request) {
        int limit = request.query("limit").isEmpty()
                ? AgentQuestion.USUAL
                : Page.of(request).limit();
        if (limit > AgentQuestion.MOST) {
            throw ApiException.inField(
                    "limit", "The parameter 'limit' takes a whole number from 1 to " + AgentQuestion.MOST);
        }
        return limit;
    }

    private ObjectNode answer(AgentSearch.Found found, int most, PortalRequest caller) {
        ObjectNode answer = Json.object();
        ArrayNode entries = answer.putArray("agents");
        database.read(handle -> {
            for (AgentMatch match : found.matches()) {
                if (entries.size() < most) {
                    add(handle, entries, match, caller);
                }
            }
            return entries;
        });
        return answer.put("mode", found.mode());
    }

    /** The table decides about what is told: an agent that is no longer there is forgotten. */
    private void add(Handle handle, ArrayNode entries, AgentMatch match, PortalRequest caller) {
        var stored = repository.find(handle, match.id());
        if (stored.isEmpty()) {
            catalog.remove(List.of(match.id()));
        }
        stored.filter(agent -> agent.isPublic() || caller.mayAct(agent.ownerId()))
                .ifPresent(agent -> {
                    ObjectNode entry = json.json(agent, caller);
                    entry.put("similarity", IntentSearchApi.rounded(match.similarity()));
                    entry.put("matched", match.phrase());
                    if (!match.capabilities().isEmpty()) {
                        entry.set("capabilities", Json.array(match.capabilities()));
                    }
                    entries.add(entry);
                });
    }
}
