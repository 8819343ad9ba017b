package ai.robutler.portal.user;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Fields;
import ai.robutler.portal.Ids;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** The {@code integrationApi} bean: what the caller has connected. */
public final class IntegrationApi {
    private static final int MOST_TEXT = 200;
    private static final int MOST_ID = 64;

    private final Database database;
    private final IntegrationRepository integrations;
    private final KeyRepository keys;
    private final FirstAnswers firstAnswers;
    private final Clock clock;

    /** Integrations of this database. */
    public IntegrationApi(
            Database database,
            IntegrationRepository integrations,
            KeyRepository keys,
            FirstAnswers firstAnswers,
            Clock clock) {
        this.database = database;
        this.integrations = integrations;
        this.keys = keys;
        this.firstAnswers = firstAnswers;
        this.clock = clock;
    }

    /** {@code GET /api/user/integrations}. */
    public ObjectNode list(PortalRequest request) {
        String user = request.userId();
        Page page = Page.of(request);
        ObjectNode answer = Json.object();
        page.write(
                answer,
                "integrations",
                database.read(handle -> integrations.page(handle, user, page)),
                IntegrationApi::json,
                Integration::id);
        return answer;
    }

    /** {@code POST /api/user/integrations}. Fails with 404 for an API key that is not the caller's. */
    public ObjectNode create(PortalRequest request) {
        Fields fields = request.fields();
        String user = request.userId();
        String type = fields.requiredText("type", MOST_TEXT);
        Integration integration = new Integration(
                Ids.next(),
                user,
                type,
                fields.text("protocol", MOST_TEXT),
                fields.text("name", MOST_TEXT).filter(name -> !name.isBlank()).orElse(type),
                fields.text("apiKeyId", MOST_ID),
                clock.millis());
        return firstAnswers.once(request, handle -> {
            integration.apiKeyId().ifPresent(id -> requireKey(handle, user, id));
            integrations.insert(handle, integration);
            return answer(integration);
        });
    }

    private void requireKey(Handle handle, String user, String id) {
        boolean own =
                keys.find(handle, id).map(key -> key.userId().equals(user)).orElse(false);
        if (!own) {
            throw ApiException.of(ErrorCode.NOT_FOUND, "There is no such API key")
                    .withDetail("param", "apiKeyId");
        }
    }

    /** {@code GET /api/user/integrations/{id}}. */
    public ObjectNode get(PortalRequest request) {
        String user = request.userId();
        return answer(database.read(handle -> integrations.find(handle, user, request.pathParameter("id")))
                .orElseThrow(IntegrationApi::unknown));
    }

    /** {@code DELETE /api/user/integrations/{id}}. */
    public ObjectNode delete(PortalRequest request) {
        String user = request.userId();
        if (!database.write(handle -> integrations.delete(handle, user, request.pathParameter("id")))) {
            throw unknown();
        }
        return Json.object().put("success", true);
    }

    private static ApiException unknown() {
        return ApiException.of(ErrorCode.NOT_FOUND, "There is no such integration");
    }

    private static ObjectNode answer(Integration integration) {
        ObjectNode answer = Json.object();
        answer.set("integration", json(integration));
        return answer;
    }

    private static ObjectNode json(Integration integration) {
        ObjectNode json = Json.object();
        json.put("id", integration.id());
        json.put("type", integration.type());
        json.put("protocol", integration.protocol().orElse(null));
        json.put("name", integration.name());
        json.put("apiKeyId", integration.apiKeyId().orElse(null));
        json.put("createdAt", Times.text(integration.createdAt()));
        return json;
    }
}
