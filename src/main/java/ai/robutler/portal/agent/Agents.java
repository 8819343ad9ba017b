package ai.robutler.portal.agent;

import ai.robutler.api.AgentName;
import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * The agents of this portal, and who may do what to them. Each method works in the transaction of its handle. What a caller
 * may not see, or not change, is not there: 404.
 */
public final class Agents {
    private final AgentRepository repository;
    private final AgentKeys keys;
    private final AgentListener listener;
    private final Predicate<String> isStatic;
    private final Clock clock;

    /** @param isStatic whether an agent of the gateway's own files has that name */
    public Agents(
            AgentRepository repository,
            AgentKeys keys,
            AgentListener listener,
            Predicate<String> isStatic,
            Clock clock) {
        this.repository = repository;
        this.keys = keys;
        this.listener = listener;
        this.isStatic = isStatic;
        this.clock = clock;
    }

    /** The agent of that id or name that the caller may see: an own one, a public one, every one for admins. Fails with 404. */
    public StoredAgent visible(Handle handle, PortalRequest request, String idOrName) {
        return AgentName.of(idOrName)
                .flatMap(checked -> repository.find(handle, checked))
                .filter(agent -> agent.isPublic() || request.mayAct(agent.ownerId()))
                .orElseThrow(() -> missing(idOrName));
    }

    /** The same by its name alone. */
    StoredAgent visibleByName(Handle handle, PortalRequest request, String name) {
        return named(handle, name)
                .filter(agent -> agent.isPublic() || request.mayAct(agent.ownerId()))
                .orElseThrow(() -> missing(name));
    }

    /** The public agent of that name. Fails with 404. */
    StoredAgent open(Handle handle, String name) {
        return named(handle, name).filter(StoredAgent::isPublic).orElseThrow(() -> missing(name));
    }

    private Optional<StoredAgent> named(Handle handle, String name) {
        return AgentName.of(name).flatMap(checked -> repository.findByName(handle, checked));
    }

    /** The agents of one user, newest first. */
    List<StoredAgent> ofOwner(Handle handle, String ownerId, Page page) {
        return repository.ofOwner(handle, ownerId, page);
    }

    /** The agent that the caller may change: an own one, every one for admins. Fails with 404. */
    public StoredAgent own(Handle handle, PortalRequest request, String idOrName) {
        StoredAgent agent = visible(handle, request, idOrName);
        if (!request.mayAct(agent.ownerId())) {
            throw missing(idOrName);
        }
        return agent;
    }

    /** A new agent and its key. Fails with 409 when the name is taken. */
    Created create(Handle handle, PortalRequest request) {
        StoredAgent agent = new AgentFields(request.fields()).create(request.userId(), clock.millis());
        if (isStatic.test(agent.name()) || !repository.insert(handle, agent)) {
            throw taken(agent.name());
        }
        String key = keys.create(handle, agent).rawKey();
        listener.saved(handle, agent);
        return new Created(agent, key);
    }

    /** The agent after the change that the request asks for. Fails with 409 when its new name is taken. */
    Changed change(Handle handle, PortalRequest request, String idOrName) {
        StoredAgent before = locked(handle, request, idOrName);
        StoredAgent after = new AgentFields(request.fields()).change(before, clock.millis());
        boolean renamed = !after.name().equals(before.name());
        if ((renamed && isStatic.test(after.name())) || !repository.update(handle, after)) {
            throw taken(after.name());
        }
        listener.saved(handle, after);
        return new Changed(before.name(), after);
    }

    /** Removes the agent, with its intents; its keys stop at once. */
    Deleted delete(Handle handle, PortalRequest request, String idOrName) {
        StoredAgent agent = locked(handle, request, idOrName);
        List<String> revoked = keys.revokeAll(handle, agent);
        listener.deleted(handle, agent.id());
        repository.delete(handle, agent.id());
        return new Deleted(agent.name(), revoked);
    }

    /** Two changes of one agent at a time would each undo the other's. */
    private StoredAgent locked(Handle handle, PortalRequest request, String idOrName) {
        String id = own(handle, request, idOrName).id();
        repository.lock(handle, id);
        return own(handle, request, id);
    }

    private static ApiException missing(String idOrName) {
        String shown = AgentName.of(idOrName).map(name -> " '" + name + "'").orElse("");
        return ApiException.of(ErrorCode.AGENT_NOT_FOUND, "There is no agent" + shown + ", or it is not yours");
    }

    private static ApiException taken(String name) {
        return ApiException.of(ErrorCode.CONFLICT, "The name '" + name + "' is taken by another agent; choose another")
                .withDetail("param", "name");
    }

    record Created(StoredAgent agent, String rawKey) {}

    record Changed(String nameBefore, StoredAgent agent) {}

    record Deleted(String name, List<String> revokedKeys) {}
}
