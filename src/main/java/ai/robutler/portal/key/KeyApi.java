package ai.robutler.portal.key;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import ai.robutler.portal.store.Database;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The {@code keyApi} bean: API keys that are there. */
public final class KeyApi {
    private static final int MOST_DAYS = 30;

    private final Database database;
    private final KeyRepository keys;
    private final KeyUseRepository uses;
    private final KeyUse use;
    private final PortalChanges changes;
    private final Clock clock;

    /**
     * Keys of this database.
     *
     * @param use what is not in the database yet
     * @param changes told of each key that is revoked
     */
    public KeyApi(
            Database database,
            KeyRepository keys,
            KeyUseRepository uses,
            KeyUse use,
            PortalChanges changes,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.uses = uses;
        this.use = use;
        this.changes = changes;
        this.clock = clock;
    }

    /** {@code GET /api/api-keys}: the caller's, or for admins those of the user in {@code userId}. */
    public ObjectNode list(PortalRequest request) {
        String user = request.query("userId").or(() -> request.query("user_id")).orElse(request.userId());
        if (!request.mayAct(user)) {
            throw ApiException.of(ErrorCode.NOT_FOUND, "There is no such user");
        }
        Page page = Page.of(request);
        ObjectNode answer = Json.object();
        return use.steadily(() -> database.read(handle -> {
            Map<String, Long> spent = uses.spent(handle, user);
            page.write(
                    answer,
                    "keys",
                    keys.page(handle, user, page),
                    key -> json(key, spent.getOrDefault(key.id(), 0L)),
                    ApiKey::id);
            return answer;
        }));
    }

    /** {@code GET /api/api-keys/{id}}. */
    public ObjectNode get(PortalRequest request) {
        return use.steadily(() -> database.read(handle -> {
            ApiKey key = own(handle, keys, request);
            ObjectNode answer = Json.object();
            answer.set("key", json(key, uses.total(handle, key.id()).credits()));
            return answer;
        }));
    }

    /** {@code DELETE /api/api-keys/{id}}: the key is invalid for ever, and kept for those who look back. */
    public ObjectNode revoke(PortalRequest request) {
        String id = database.write(handle -> {
            ApiKey key = own(handle, keys, request);
            keys.revoke(handle, key.id(), clock.millis());
            return key.id();
        });
        changes.keyChanged(id);
        return Json.object().put("success", true);
    }

    /** {@code GET /api/api-keys/{id}/stats}: what the key was used for, in all and on its last 30 days. */
    public ObjectNode stats(PortalRequest request) {
        return use.steadily(() -> database.read(handle -> {
            ApiKey key = own(handle, keys, request);
            Map<Long, Long> waiting = use.waiting(key.id());
            KeyUseRepository.Sum stored = uses.total(handle, key.id());
            long more = waiting.values().stream().mapToLong(Long::longValue).sum();
            ObjectNode answer = Json.object();
            answer.put("id", key.id());
            write(answer, new KeyUseRepository.Sum(stored.requests() + more, stored.tokens(), stored.credits()));
            writeDays(answer.putArray("days"), uses.days(handle, key.id(), MOST_DAYS), waiting);
            answer.put("lastUsedAt", lastUsed(key));
            return answer;
        }));
    }

    private static void writeDays(ArrayNode days, List<KeyUseRepository.Day> stored, Map<Long, Long> waiting) {
        TreeMap<Long, KeyUseRepository.Sum> all = new TreeMap<>(java.util.Comparator.reverseOrder());
        stored.forEach(day -> all.put(day.day(), day.sum()));
        waiting.forEach((day, requests) -> all.merge(
                day,
                new KeyUseRepository.Sum(requests, 0, 0),
                (a, b) -> new KeyUseRepository.Sum(a.requests() + b.requests(), a.tokens(), a.credits())));
        all.entrySet().stream().limit(MOST_DAYS).forEach(entry -> {
            ObjectNode day = days.addObject();
            day.put("day", LocalDate.ofEpochDay(entry.getKey()).toString());
            write(day, entry.getValue());
        });
    }

    private static void write(ObjectNode answer, KeyUseRepository.Sum sum) {
        answer.put("requests", sum.requests());
        answer.put("tokens", sum.tokens());
        answer.put("credits", Json.credits(sum.credits()));
    }

    private @org.jspecify.annotations.Nullable String lastUsed(ApiKey key) {
        java.util.OptionalLong at = use.lastUsed(key);
        return at.isEmpty() ? null : Times.text(at.getAsLong());
    }

    private ObjectNode json(ApiKey key, long spent) {
        return KeyJson.of(key, use.lastUsed(key), spent, clock.millis());
    }

    /** The key of the path's id, where the caller may see it. Fails with 404. */
    static ApiKey own(Handle handle, KeyRepository keys, PortalRequest request) {
        return keys.find(handle, request.pathParameter("id"))
                .filter(key -> request.mayAct(key.userId()))
                .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "There is no such API key"));
    }
}
