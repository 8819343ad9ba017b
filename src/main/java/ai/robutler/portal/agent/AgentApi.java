package ai.robutler.portal.agent;

import ai.robutler.portal.Changes;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The {@code agentApi} bean: the registry of dynamic agents. */
public final class AgentApi {
    private final Database database;
    private final FirstAnswers firstAnswers;
    private final Agents agents;
    private final AgentJson json;
    private final Changes changes;

    /** Agents of this database. */
    public AgentApi(Database database, FirstAnswers firstAnswers, Agents agents, AgentJson json, Changes changes) {
        this.database = database;
        this.firstAnswers = firstAnswers;
        this.agents = agents;
        this.json = json;
        this.changes = changes;
    }

    /** {@code GET /api/agents}: the caller's own, newest first. */
    public ObjectNode list(PortalRequest request) {
        Page page = Page.of(request);
        List<StoredAgent> rows = database.read(handle -> agents.ofOwner(handle, request.userId(), page));
        ObjectNode answer = Json.object();
        page.write(answer, "agents", rows, agent -> json.json(agent, request), StoredAgent::id);
        return answer;
    }

    /** {@code GET /api/agents/{id-or-name}}. Fails with 404. */
    public ObjectNode get(PortalRequest request) {
        String which = request.pathParameter("agent");
        return json.answer(database.read(handle -> agents.visible(handle, request, which)), request);
    }

    /** {@code GET /api/agents/by-name/{name}}. Fails with 404. */
    public ObjectNode getByName(PortalRequest request) {
        String name = request.pathParameter("agent");
        return json.answer(database.read(handle -> agents.visibleByName(handle, request, name)), request);
    }

    /** {@code GET /api/agents/public/{name}}: for everybody. Fails with 404. */
    public ObjectNode getPublic(PortalRequest request) {
        String name = request.pathParameter("agent");
        return json.answer(database.read(handle -> agents.open(handle, name)), request);
    }

    /** {@code POST /api/agents}. Fails with 400, or with 409 when the name is taken. */
    public ObjectNode create(PortalRequest request) {
        ObjectNode answer = firstAnswers.once(request, handle -> {
            Agents.Created made = agents.create(handle, request);
            return json.answer(made.agent(), request).put("rawApiKey", made.rawKey());
        });
        changes.agentChanged(answer.path("name").asText());
        return answer;
    }

    /** {@code PUT} and {@code PATCH /api/agents/{id}}: what is not sent stays. Fails with 400, 404, or 409. */
    public ObjectNode change(PortalRequest request) {
        String which = request.pathParameter("agent");
        Set<String> names = new LinkedHashSet<>();
        ObjectNode answer = firstAnswers.once(request, handle -> {
            Agents.Changed changed = agents.change(handle, request, which);
            names.add(changed.nameBefore());
            names.add(changed.agent().name());
            return json.answer(changed.agent(), request);
        });
        names.forEach(changes::agentChanged);
        return answer;
    }

    /** {@code DELETE /api/agents/{id}}. Fails with 404. */
    public ObjectNode delete(PortalRequest request) {
        String which = request.pathParameter("agent");
        List<Agents.Deleted> deleted = new ArrayList<>();
        ObjectNode answer = firstAnswers.once(request, handle -> {
            deleted.add(agents.delete(handle, request, which));
            return Json.object().put("success", true);
        });
        deleted.forEach(gone -> {
            changes.agentChanged(gone.name());
            gone.revokedKeys().forEach(changes::keyChanged);
        });
        return answer;
    }
}
