package ai.robutler.portal.key;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.portal.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table {@code api_keys}; each method works in the transaction of its handle. */
public final class KeyRepository {

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

    /** Whose key this is; empty when it is unknown, revoked or expired, or its user is not active. */
    public Optional<KeyOwner> authenticate(Handle handle, String text, long now) {
        Optional<String> lookup = KeyText.lookup(text);
        if (lookup.isEmpty()) {
            return Optional.empty();
        }
        Candidate none = new Candidate("0".repeat(64), Optional.empty());
        Candidate found = handle.createQuery("""
                        SELECT k.id, k.user_id, k.agent_id, k.secret_sha256, k.allowed_agents, k.daily_rate_limit,
                          k.expires_at, u.role
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

    private static KeyOwner owner(ResultSet row) throws SQLException {
        OptionalLong expires = whole(row, "expires_at");
        return new KeyOwner(
                row.getString("id"),
                row.getString("user_id"),
                "admin".equals(row.getString("role")),
                Optional.ofNullable(row.getString("agent_id")),
                Set.copyOf(Json.texts(row.getString("allowed_agents"))),
                whole(row, "daily_rate_limit"),
                expires.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires.getAsLong())));
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
