package ai.robutler.portal.user;

import ai.robutler.portal.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
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

    /** All users. */
    public List<User> page(Handle handle, Page page) {
        return handle.createQuery("SELECT " + COLUMNS
                        + " FROM users WHERE id < :before ORDER BY id DESC LIMIT :rows OFFSET :offset")
                .bind("before", page.before())
                .bind("rows", page.rows())
                .bind("offset", page.offset())
                .map(UserRepository::user)
                .list();
    }

    /** Puts everything of the user but his id in place of what was stored. Fails as a duplicate as {@link #insert}. */
    public void update(Handle handle, User user, long now) {
        handle.createUpdate("UPDATE users SET name = :name, email = :email, role = :role, plan_name = :plan,"
                        + " avatar_url = :avatar, active = :active, updated_at = :now WHERE id = :id")
                .bind("id", user.id())
                .bind("name", user.name())
                .bind("email", user.email().orElse(null))
                .bind("role", user.role().name().toLowerCase(Locale.ROOT))
                .bind("plan", user.planName())
                .bind("avatar", user.avatarUrl().orElse(null))
                .bind("active", user.active())
                .bind("now", now)
                .execute();
    }

    /** Keeps everybody else from changing an admin until the end of the transaction. */
    public void holdAdmins(Handle handle) {
        handle.createUpdate("UPDATE users SET updated_at = updated_at WHERE role = 'admin'")
                .execute();
    }

    /** Whether there is an admin whose keys count. */
    public boolean hasActiveAdmin(Handle handle) {
        return handle.createQuery("SELECT id FROM users WHERE role = 'admin' AND active = TRUE LIMIT 1")
                .mapTo(String.class)
                .findFirst()
                .isPresent();
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
