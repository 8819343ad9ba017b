package ai.robutler.portal.key;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table {@code api_keys}; each method works in the transaction of its handle. */
public final class KeyRepository {
    private static final String COLUMNS = "id, user_id, agent_id, name, key_prefix, permissions, allowed_agents,"
            + " daily_rate_limit, created_at, updated_at, last_used_at, expires_at, revoked_at";

    /**
     * Stores a new key.
     *
     * @param text the key itself, of which only a digest is stored
     */
    public void insert(Handle handle, ApiKey key, String text) {
        handle.createUpdate("""
                        INSERT INTO api_keys (id, user_id, agent_id, name, lookup, secret_sha256, key_prefix, permissions,
                          allowed_agents, daily_rate_limit, created_at, updated_at, last_used_at, expires_at, revoked_at)
                        VALUES (:id, :user, :agent, :name, :lookup, :digest, :prefix, :permissions,
                          :allowed, :daily, :created, :created, NULL, :expires, NULL)""")
                .bind("id", key.id())
                .bind("user", key.userId())
                .bind("agent", key.agentId().orElse(null))
                .bind("name", key.name())
                .bind("lookup", KeyText.lookup(text).orElseThrow())
                .bind("digest", KeyText.digest(text))
                .bind("prefix", key.keyPrefix())
                .bind("permissions", Json.array(key.permissions()).toString())
                .bind("allowed", Json.array(key.allowedAgents()).toString())
                .bind("daily", boxed(key.dailyRateLimit()))
                .bind("created", key.times().createdAt())
                .bind("expires", boxed(key.times().expiresAt()))
                .execute();
    }

    /** The key of that id, valid or not. */
    public Optional<ApiKey> find(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_keys WHERE id = :id")
                .bind("id", id)
                .map(KeyRepository::key)
                .findOne();
    }

    /** A user's keys, valid or not. */
    public List<ApiKey> page(Handle handle, String userId, Page page) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_keys WHERE user_id = :user AND id < :before"
                        + " ORDER BY id DESC LIMIT :rows OFFSET :offset")
                .bind("user", userId)
                .bind("before", page.before())
                .bind("rows", page.rows())
                .bind("offset", page.offset())
                .map(KeyRepository::key)
                .list();
    }

    /** The ids of a user's keys that are not revoked. */
    public List<String> idsOf(Handle handle, String userId) {
        return handle.createQuery("SELECT id FROM api_keys WHERE user_id = :user AND revoked_at IS NULL")
                .bind("user", userId)
                .mapTo(String.class)
                .list();
    }

    /** The id of that user's agent of that id or name. */
    public Optional<String> agentOf(Handle handle, String userId, String idOrName) {
        return handle.createQuery("SELECT id FROM agents WHERE owner_id = :user AND (id = :agent OR name = :agent)")
                .bind("user", userId)
                .bind("agent", idOrName)
                .mapTo(String.class)
                .findFirst();
    }

    /** Makes the key invalid for ever; one that is so already stays as it is. */
    public void revoke(Handle handle, String id, long now) {
        handle.createUpdate(
                        "UPDATE api_keys SET revoked_at = :now, updated_at = :now WHERE id = :id AND revoked_at IS NULL")
                .bind("id", id)
                .bind("now", now)
                .execute();
    }

    /**
     * Notes that another key stands for this one, which ends at {@code end} unless it ends before.
     *
     * @return false when it is not valid any more, or was replaced before
     */
    public boolean replace(Handle handle, String id, String by, long end, long now) {
        return handle.createUpdate("""
                                UPDATE api_keys SET replaced_by = :by, updated_at = :now,
                                  expires_at = CASE WHEN expires_at < :end THEN expires_at ELSE :end END
                                WHERE id = :id AND replaced_by IS NULL AND revoked_at IS NULL
                                  AND (expires_at IS NULL OR expires_at > :now)""")
                        .bind("id", id)
                        .bind("by", by)
                        .bind("end", end)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Whose key this is; empty when it is unknown, revoked or expired, or its user is not active. */
    public Optional<KeyOwner> authenticate(Handle handle, String text, long now) {
        Optional<String> lookup = KeyText.lookup(text);
        if (lookup.isEmpty()) {
            return Optional.empty();
        }
        Candidate none = new Candidate("0".repeat(64), Optional.empty());
        Candidate found = handle.createQuery("""
                        SELECT k.id, k.user_id, k.agent_id, k.secret_sha256, k.allowed_agents, k.daily_rate_limit,
                          k.expires_at, k.permissions, u.role
                        FROM api_keys k JOIN users u ON u.id = k.user_id
                        WHERE k.lookup = :lookup AND u.active = TRUE AND k.revoked_at IS NULL
                          AND (k.expires_at IS NULL OR k.expires_at > :now)""")
                .bind("lookup", lookup.get())
                .bind("now", now)
                .map((row, context) -> new Candidate(row.getString("secret_sha256"), Optional.of(owner(row))))
                .findOne()
                .orElse(none);
        return KeyText.matches(text, found.digest()) ? found.owner() : Optional.empty();
    }

    /** Revokes every key of that agent's. @return the ids of those that were not revoked yet */
    public List<String> revokeOfAgent(Handle handle, String agentId, long now) {
        List<String> ids = handle.createQuery("SELECT id FROM api_keys WHERE agent_id = :agent AND revoked_at IS NULL")
                .bind("agent", agentId)
                .mapTo(String.class)
                .list();
        handle.createUpdate("""
                        UPDATE api_keys SET revoked_at = :now, updated_at = :now
                        WHERE agent_id = :agent AND revoked_at IS NULL""").bind("agent", agentId).bind("now", now).execute();
        return ids;
    }

    private static KeyOwner owner(ResultSet row) throws SQLException {
        OptionalLong expires = whole(row, "expires_at");
        Set<String> permissions = Set.copyOf(Json.texts(row.getString("permissions")));
        Optional<String> agent = Optional.ofNullable(row.getString("agent_id"));
        boolean unlimited = permissions.isEmpty() || permissions.contains(Permission.ADMIN.text());
        return new KeyOwner(
                row.getString("id"),
                row.getString("user_id"),
                "admin".equals(row.getString("role")) && agent.isEmpty() && unlimited,
                agent,
                Set.copyOf(Json.texts(row.getString("allowed_agents"))),
                whole(row, "daily_rate_limit"),
                expires.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires.getAsLong())),
                permissions);
    }

    private static ApiKey key(ResultSet row, StatementContext context) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                row.getString("user_id"),
                Optional.ofNullable(row.getString("agent_id")),
                row.getString("name"),
                row.getString("key_prefix"),
                Json.texts(row.getString("permissions")),
                Json.texts(row.getString("allowed_agents")),
                whole(row, "daily_rate_limit"),
                new ApiKey.Times(
                        row.getLong("created_at"),
                        row.getLong("updated_at"),
                        whole(row, "last_used_at"),
                        whole(row, "expires_at"),
                        whole(row, "revoked_at")));
    }

    private static OptionalLong whole(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isEmpty() ? null : value.getAsLong();
    }

    private record Candidate(String digest, Optional<KeyOwner> owner) {}
}
