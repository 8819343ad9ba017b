package ai.robutler.portal.key;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Fields;
import ai.robutler.portal.Ids;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.UserRepository;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** The {@code newKeyApi} bean: makes API keys. The text of a key is in the answer that tells of its making, and nowhere else. */
public final class NewKeyApi {
    private static final int MOST_NAME = 200;
    private static final int MOST_ID = 64;
    private static final int MOST_AGENTS = 100;
    private static final int MOST_DAYS = 3650;
    private static final long MOST_REQUESTS = 1_000_000_000;
    private static final long MOST_GRACE = Duration.ofDays(7).toSeconds();
    private static final long USUAL_GRACE = Duration.ofDays(1).toSeconds();

    private final KeyRepository keys;
    private final UserRepository users;
    private final FirstAnswers firstAnswers;
    private final PortalChanges changes;
    private final Clock clock;

    /**
     * Keys of this database.
     *
     * @param changes told of each key that another one replaces
     */
    public NewKeyApi(
            KeyRepository keys, UserRepository users, FirstAnswers firstAnswers, PortalChanges changes, Clock clock) {
        this.keys = keys;
        this.users = users;
        this.firstAnswers = firstAnswers;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * {@code POST /api/api-keys}: for the caller, or for the user in {@code userId} when the caller is an admin. Fails with
     * 403 for another user, and with 404 for an agent that is not that user's.
     */
    public ObjectNode create(PortalRequest request) {
        Fields fields = request.fields();
        fields.refuseLimits("dailyCreditLimit", "sessionCreditLimit");
        String user = fields.text("userId", MOST_ID).orElse(request.userId());
        if (!request.mayAct(user)) {
            throw ApiException.of(ErrorCode.ACCESS_DENIED, "Only an admin may make API keys for others");
        }
        Wanted wanted = wanted(fields);
        return firstAnswers.once(request, handle -> {
            if (users.find(handle, user).isEmpty()) {
                throw ApiException.of(ErrorCode.NOT_FOUND, "There is no such user");
            }
            Optional<String> agent = fields.text("agentId", MOST_ID).map(id -> agent(handle, user, id));
            String text = KeyText.next();
            ApiKey key = wanted.key(user, agent, text, clock.millis());
            keys.insert(handle, key, text);
            ObjectNode told = KeyJson.of(key, OptionalLong.empty(), 0, clock.millis());
            ObjectNode answer = Json.object();
            answer.set("key", told);
            answer.put("rawKey", text);
            List.of("id", "name", "createdAt", "permissions").forEach(name -> answer.set(name, told.get(name)));
            return answer;
        });
    }

    private String agent(Handle handle, String user, String idOrName) {
        return keys.agentOf(handle, user, idOrName)
                .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "There is no such agent")
                        .withDetail("param", "agentId"));
    }

    /**
     * {@code POST /api/api-keys/{id}/rotate}: a new key like the old one, which stays valid for {@code graceSeconds} (24 hours
     * unless said otherwise). A key with an end gets as long a life again. Fails with 409 when it is not valid any more, or was
     * rotated before.
     */
    public ObjectNode rotate(PortalRequest request) {
        long grace = request.fields().whole("graceSeconds", 0, MOST_GRACE).orElse(USUAL_GRACE);
        String id = request.pathParameter("id");
        ObjectNode answer = firstAnswers.once(request, handle -> {
            ApiKey old = KeyApi.own(handle, keys, request);
            long now = clock.millis();
            String text = KeyText.next();
            ApiKey made = like(old, text, now);
            if (!keys.replace(handle, old.id(), made.id(), now + grace * 1000, now)) {
                throw ApiException.of(
                        ErrorCode.CONFLICT,
                        "This API key was rotated before, or is not valid any more; make a new one");
            }
            keys.insert(handle, made, text);
            ObjectNode told = Json.object();
            told.set("key", KeyJson.of(made, OptionalLong.empty(), 0, now));
            return told.put("rawKey", text);
        });
        changes.keyChanged(id);
        return answer;
    }

    private static ApiKey like(ApiKey old, String text, long now) {
        OptionalLong end = old.times().expiresAt();
        OptionalLong life = end.isEmpty()
                ? end
                : OptionalLong.of(end.getAsLong() - old.times().createdAt());
        return new Wanted(old.name(), old.permissions(), old.allowedAgents(), old.dailyRateLimit(), life)
                .key(old.userId(), old.agentId(), text, now);
    }

    private static Wanted wanted(Fields fields) {
        List<String> permissions =
                fields.texts("permissions", Permission.values().length, MOST_ID).orElse(List.of());
        for (int i = 0; i < permissions.size(); i++) {
            if (Permission.of(permissions.get(i)).isEmpty()) {
                throw ApiException.inField(
                        "permissions[" + i + "]",
                        "permissions[" + i + "] must be one of " + String.join(", ", Permission.texts())
                                + "; without any, the key may do everything");
            }
        }
        OptionalLong days = fields.whole("expiresInDays", 1, MOST_DAYS);
        return new Wanted(
                fields.requiredText("name", MOST_NAME),
                permissions.stream().distinct().toList(),
                fields.texts("allowedAgents", MOST_AGENTS, MOST_ID).orElse(List.of()).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .toList(),
                fields.whole("dailyRateLimit", 1, MOST_REQUESTS),
                days.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Duration.ofDays(days.getAsLong()).toMillis()));
    }

    private record Wanted(
            String name,
            List<String> permissions,
            List<String> allowedAgents,
            OptionalLong dailyRateLimit,
            OptionalLong lifeMillis) {
        ApiKey key(String user, Optional<String> agent, String text, long now) {
            OptionalLong expiresAt = lifeMillis.isEmpty() ? lifeMillis : OptionalLong.of(now + lifeMillis.getAsLong());
            return new ApiKey(
                    Ids.next(),
                    user,
                    agent,
                    name,
                    KeyText.prefix(text),
                    permissions,
                    allowedAgents,
                    dailyRateLimit,
                    new ApiKey.Times(now, now, OptionalLong.empty(), expiresAt, OptionalLong.empty()));
        }
    }
}
