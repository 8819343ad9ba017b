package ai.robutler.portal.user;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.SentKeyJson;
import ai.robutler.portal.ledger.Balance;
import ai.robutler.portal.ledger.Ledger;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The {@code userApi} bean: who the caller is, and all users for admins. */
public final class UserApi {
    private final Database database;
    private final Tables tables;
    private final FirstAnswers firstAnswers;
    private final PortalChanges changes;
    private final Clock clock;

    /**
     * What is known of users.
     *
     * @param users who they are
     * @param keys which keys they have
     * @param ledger what credits they have
     */
    public record Tables(UserRepository users, KeyRepository keys, Ledger ledger) {}

    /**
     * Users of this database.
     *
     * @param changes told of the keys of each user who is changed
     */
    public UserApi(Database database, Tables tables, FirstAnswers firstAnswers, PortalChanges changes, Clock clock) {
        this.database = database;
        this.tables = tables;
        this.firstAnswers = firstAnswers;
        this.changes = changes;
        this.clock = clock;
    }

    /** {@code GET /api/user}. */
    public ObjectNode me(PortalRequest request) {
        String id = request.userId();
        ObjectNode answer = database.read(handle -> answer(handle, find(handle, id), false));
        answer.set("key", SentKeyJson.of(request.owner()));
        return answer;
    }

    /** {@code GET /api/users}, for admins. */
    public ObjectNode list(PortalRequest request) {
        Page page = Page.of(request);
        ObjectNode answer = Json.object();
        return database.read(handle -> {
            page.write(
                    answer,
                    "users",
                    tables.users().page(handle, page),
                    user -> json(handle, user).put("active", user.active()),
                    User::id);
            return answer;
        });
    }

    /** {@code POST /api/users}, for admins. Fails with 409 when the e-mail address is taken. */
    public ObjectNode create(PortalRequest request) {
        UserFields fields = new UserFields(request.fields());
        User user = User.create(
                fields.requiredName(), fields.email(), fields.role().orElse(User.Role.USER), clock.millis());
        return unlessTaken(() -> firstAnswers.once(request, handle -> {
            tables.users().insert(handle, user);
            return answer(handle, user, true);
        }));
    }

    /** {@code GET /api/users/{id}}, for admins. */
    public ObjectNode get(PortalRequest request) {
        return database.read(handle -> answer(handle, find(handle, request.pathParameter("id")), true));
    }

    /**
     * {@code PATCH /api/users/{id}}, for admins: name, e-mail address, role, plan, picture, and whether he is active. Fails with
     * 409 when the address is taken, or nobody active would be an admin any more.
     */
    public ObjectNode change(PortalRequest request) {
        String id = request.pathParameter("id");
        UserFields fields = new UserFields(request.fields());
        Changed changed = unlessTaken(() -> database.write(handle -> {
            tables.users().holdAdmins(handle);
            User user = fields.change(find(handle, id));
            tables.users().update(handle, user, clock.millis());
            if (!tables.users().hasActiveAdmin(handle)) {
                throw ApiException.of(
                        ErrorCode.CONFLICT, "This is the last active admin; make another user an admin before");
            }
            return new Changed(answer(handle, user, true), tables.keys().idsOf(handle, id));
        }));
        changed.keys().forEach(changes::keyChanged);
        return changed.answer();
    }

    private record Changed(ObjectNode answer, List<String> keys) {}

    private User find(Handle handle, String id) {
        return tables.users()
                .find(handle, id)
                .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "There is no such user"));
    }

    private static <T> T unlessTaken(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            if (Database.isDuplicate(failure)) {
                throw ApiException.of(ErrorCode.CONFLICT, "A user with this e-mail address is there already")
                        .withDetail("param", "email");
            }
            throw failure;
        }
    }

    private ObjectNode answer(Handle handle, User user, boolean forAdmins) {
        ObjectNode json = json(handle, user);
        if (forAdmins) {
            json.put("active", user.active());
        }
        ObjectNode answer = Json.object();
        answer.set("user", json);
        return answer;
    }

    private ObjectNode json(Handle handle, User user) {
        Balance balance = tables.ledger().balance(handle, user.id());
        ObjectNode json = Json.object();
        json.put("id", user.id());
        json.put("name", user.name());
        json.put("email", user.email().orElse(null));
        json.put("role", user.role().name().toLowerCase(Locale.ROOT));
        json.put("planName", user.planName());
        balance.write(json);
        json.put("avatarUrl", user.avatarUrl().orElse(null));
        json.put("referralCode", user.referralCode());
        json.put("createdAt", Times.text(user.createdAt()));
        return json;
    }
}
