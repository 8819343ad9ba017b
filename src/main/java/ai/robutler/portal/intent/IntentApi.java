package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The {@code intentApi} bean: publishes intents, lists them and takes them back. */
public final class IntentApi {
    private final Database database;
    private final FirstAnswers firstAnswers;
    private final IntentPublisher publisher;
    private final IntentRepository intents = new IntentRepository();
    private final IntentCatalog catalog;
    private final IntentJson json;
    private final Clock clock;

    IntentApi(
            Database database,
            FirstAnswers firstAnswers,
            IntentPublisher publisher,
            IntentCatalog catalog,
            IntentJson json,
            Clock clock) {
        this.database = database;
        this.firstAnswers = firstAnswers;
        this.publisher = publisher;
        this.catalog = catalog;
        this.json = json;
        this.clock = clock;
    }

    /**
     * {@code POST /api/intents/create}: one intent, or all of the list {@code intents}, or none. The same intent of the same
     * user and agent is renewed instead of stored twice: it takes the new fields and lives from now on, under its first id.
     */
    public ObjectNode create(PortalRequest request) {
        boolean list = request.fields().any("intents").isPresent();
        List<IntentDraft> drafts = IntentReader.read(request);
        return store(request, drafts, stored -> list ? json.created(stored) : json.created(stored.get(0)));
    }

    /** {@code POST /api/intents/publish}: as create with a list. */
    public ObjectNode publish(PortalRequest request) {
        return store(request, IntentReader.readList(request), json::published);
    }

    private ObjectNode store(
            PortalRequest request, List<IntentDraft> drafts, Function<List<Intent>, ObjectNode> answer) {
        List<Intent> stored = new ArrayList<>();
        ObjectNode told = firstAnswers.once(request, handle -> {
            stored.clear();
            stored.addAll(publisher.publish(handle, request, drafts));
            return answer.apply(stored);
        });
        stored.forEach(intent -> catalog.put(Listed.of(intent)));
        return told;
    }

    /** {@code POST /api/intents/list}: the caller's own, newest first; everybody's for admins who name no user. */
    public ObjectNode list(PortalRequest request) {
        Page page = IntentPage.of(request);
        Optional<String> user = request.fields().text("userId", IntentReader.MOST_ID);
        Optional<String> agent = request.fields().text("agentId", IntentReader.MOST_ID);
        if (user.isPresent() && !request.mayAct(user.get())) {
            throw noSuchUser();
        }
        Optional<String> whose = user.isEmpty() && !request.isAdmin() ? Optional.of(request.userId()) : user;
        IntentRepository.PageAt at = new IntentRepository.PageAt(page, clock.millis());
        IntentFilter filter = new IntentFilter(whose, agent, Optional.empty());
        return json.listed(page, database.read(handle -> intents.list(handle, filter, at)));
    }

    /** {@code POST /api/intents/delete}. Fails with 404, or with 409 for an entry of an agent's own list. */
    public ObjectNode delete(PortalRequest request) {
        String id = IntentReader.id(request.fields());
        Optional<String> user = request.fields().text("userId", IntentReader.MOST_ID);
        List<String> deleted = new ArrayList<>();
        ObjectNode answer = firstAnswers.once(request, handle -> {
            deleted.clear();
            deleted.add(own(handle, request, id, user).id());
            return json.deleted(id, intents.delete(handle, deleted));
        });
        catalog.remove(deleted);
        return answer;
    }

    private Intent own(Handle handle, PortalRequest request, String id, Optional<String> user) {
        Intent intent = intents.find(handle, id)
                .filter(found -> found.isAlive(clock.millis()))
                .filter(found -> request.mayAct(found.userId()))
                .filter(found -> user.isEmpty() || user.get().equals(found.userId()))
                .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "There is no such intent, or it is not yours"));
        if (intent.isOfList()) {
            throw ApiException.of(
                    ErrorCode.CONFLICT,
                    "This intent is in its agent's own list; take it out there: PATCH /api/agents/" + intent.agentId()
                            + " with the list 'intents'");
        }
        return intent;
    }

    /** Tells of a user whom the caller may not act for as of one who is not there. */
    static ApiException noSuchUser() {
        return ApiException.of(ErrorCode.NOT_FOUND, "There is no such user, or it is not you")
                .withDetail("param", "user_id");
    }

    /** The answer's JSON as an object with {@code success}. */
    static ObjectNode success(String message) {
        return Json.object().put("success", true).put("message", message);
    }
}
