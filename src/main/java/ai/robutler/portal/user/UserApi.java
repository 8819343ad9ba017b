package ai.robutler.portal.user;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Fields;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Locale;

/** The {@code userApi} bean: who the caller is. */
public final class UserApi {
    private static final int MOST_NAME = 200;
    private static final int MOST_EMAIL = 254;

    private final Database database;
    private final UserRepository users;
    private final FirstAnswers firstAnswers;
    private final Clock clock;

    /** Users of this database. */
    public UserApi(Database database, UserRepository users, FirstAnswers firstAnswers, Clock clock) {
        this.database = database;
        this.users = users;
        this.firstAnswers = firstAnswers;
        this.clock = clock;
    }

    /** {@code GET /api/user}. */
    public ObjectNode me(PortalRequest request) {
        String id = request.userId();
        User user = database.read(handle -> users.find(handle, id))
                .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "There is no such user"));
        ObjectNode answer = Json.object();
        answer.set("user", json(user));
        return answer;
    }

    /** {@code POST /api/users}, for admins. Fails with 409 when the e-mail address is taken. */
    public ObjectNode create(PortalRequest request) {
        Fields fields = request.fields();
        User user = User.create(
                fields.requiredText("name", MOST_NAME),
                fields.text("email", MOST_EMAIL).map(text -> text.strip().toLowerCase(Locale.ROOT)),
                "admin".equals(fields.text("role", MOST_NAME).orElse("user")) ? User.Role.ADMIN : User.Role.USER,
                clock.millis());
        try {
            return firstAnswers.once(request, handle -> {
                users.insert(handle, user);
                ObjectNode answer = Json.object();
                answer.set("user", json(user));
                return answer;
            });
        } catch (RuntimeException failure) {
            if (Database.isDuplicate(failure)) {
                throw ApiException.of(ErrorCode.CONFLICT, "A user with this e-mail address is there already")
                        .withDetail("param", "email");
            }
            throw failure;
        }
    }

    private static ObjectNode json(User user) {
        ObjectNode json = Json.object();
        json.put("id", user.id());
        json.put("name", user.name());
        json.put("email", user.email().orElse(null));
        json.put("role", user.role().name().toLowerCase(Locale.ROOT));
        json.put("planName", user.planName());
        json.put("totalCredits", 0);
        json.put("usedCredits", 0);
        json.put("availableCredits", 0);
        json.put("avatarUrl", user.avatarUrl().orElse(null));
        json.put("referralCode", user.referralCode());
        json.put("createdAt", Times.text(user.createdAt()));
        return json;
    }
}
