package ai.robutler.portal.user;

import ai.robutler.portal.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code integrations}; each method works in the transaction of its handle. */
public final class IntegrationRepository {
    private static final String COLUMNS = "id, user_id, type, protocol, name, api_key_id, created_at";

    /** Stores a new one. */
    public void insert(Handle handle, Integration integration) {
        handle.createUpdate("INSERT INTO integrations (" + COLUMNS
                        + ") VALUES (:id, :user, :type, :protocol, :name, :key, :now)")
                .bind("id", integration.id())
                .bind("user", integration.userId())
                .bind("type", integration.type())
                .bind("protocol", integration.protocol().orElse(null))
                .bind("name", integration.name())
                .bind("key", integration.apiKeyId().orElse(null))
                .bind("now", integration.createdAt())
                .execute();
    }

    /** A user's integration of that id. */
    public Optional<Integration> find(Handle handle, String userId, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM integrations WHERE id = :id AND user_id = :user")
                .bind("id", id)
                .bind("user", userId)
                .map(IntegrationRepository::integration)
                .findOne();
    }

    /** A user's integrations. */
    public List<Integration> page(Handle handle, String userId, Page page) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM integrations WHERE user_id = :user AND id < :before"
                        + " ORDER BY id DESC LIMIT :rows OFFSET :offset")
                .bind("user", userId)
                .bind("before", page.before())
                .bind("rows", page.rows())
                .bind("offset", page.offset())
                .map(IntegrationRepository::integration)
                .list();
    }

    /** Deletes it. @return false when that user has none of that id */
    public boolean delete(Handle handle, String userId, String id) {
        return handle.createUpdate("DELETE FROM integrations WHERE id = :id AND user_id = :user")
                        .bind("id", id)
                        .bind("user", userId)
                        .execute()
                == 1;
    }

    private static Integration integration(ResultSet row, StatementContext context) throws SQLException {
        return new Integration(
                row.getString("id"),
                row.getString("user_id"),
                row.getString("type"),
                Optional.ofNullable(row.getString("protocol")),
                row.getString("name"),
                Optional.ofNullable(row.getString("api_key_id")),
                row.getLong("created_at"));
    }
}
