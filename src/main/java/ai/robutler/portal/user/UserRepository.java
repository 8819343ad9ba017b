package ai.robutler.portal.user;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code users}; each method works in the transaction of its handle. */
public final class UserRepository {
    private static final String COLUMNS =
            "id, name, email, role, plan_name, avatar_url, referral_code, active, created_at";

    /** The user of that id. */
    public Optional<User> find(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM users WHERE id = :id")
                .bind("id", id)
                .map(UserRepository::user)
                .findOne();
    }

    /** Whether there is any user. */
    public boolean isEmpty(Handle handle) {
        return handle.createQuery("SELECT id FROM users LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .isEmpty();
    }

    /** Stores a new user. Fails as a duplicate when the e-mail address is taken. */
    public void insert(Handle handle, User user) {
        handle.createUpdate("INSERT INTO users (" + COLUMNS + ", updated_at)"
                        + " VALUES (:id, :name, :email, :role, :plan, :avatar, :code, :active, :now, :now)")
                .bind("id", user.id())
                .bind("name", user.name())
                .bind("email", user.email().orElse(null))
                .bind("role", user.role().name().toLowerCase(Locale.ROOT))
                .bind("plan", user.planName())
                .bind("avatar", user.avatarUrl().orElse(null))
                .bind("code", user.referralCode())
                .bind("active", user.active())
                .bind("now", user.createdAt())
                .execute();
    }

    private static User user(ResultSet row, StatementContext context) throws SQLException {
        return new User(
                row.getString("id"),
                row.getString("name"),
                Optional.ofNullable(row.getString("email")),
                User.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getString("plan_name"),
                Optional.ofNullable(row.getString("avatar_url")),
                row.getString("referral_code"),
                row.getBoolean("active"),
                row.getLong("created_at"));
    }
}
