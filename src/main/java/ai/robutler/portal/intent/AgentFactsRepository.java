package ai.robutler.portal.intent;

import ai.robutler.portal.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** What the search needs of the table {@code agents}; each method works in the transaction of its handle. */
final class AgentFactsRepository {
    private static final String SELECT =
            "SELECT id, name, owner_id, is_public, description, intents, updated_at FROM agents ";

    /** The agent of that id, else the one of that name. */
    Optional<AgentFacts> find(Handle handle, String idOrName) {
        return handle
                .createQuery(SELECT + "WHERE id = :id OR name = :name")
                .bind("id", idOrName)
                .bind("name", idOrName.toLowerCase(Locale.ROOT))
                .map(AgentFactsRepository::read)
                .stream()
                .map(SearchedAgent::facts)
                .reduce((one, other) -> one.id().equals(idOrName) ? one : other);
    }

    /** The agent of that name. */
    Optional<SearchedAgent> named(Handle handle, String name) {
        return handle.createQuery(SELECT + "WHERE name = :name")
                .bind("name", name)
                .map(AgentFactsRepository::read)
                .findOne();
    }

    /** A page of all: those whose ids follow {@code after}. */
    List<SearchedAgent> after(Handle handle, String after, int rows) {
        return handle.createQuery(SELECT + "WHERE id > :after ORDER BY id LIMIT :rows")
                .bind("after", after)
                .bind("rows", rows)
                .map(AgentFactsRepository::read)
                .list();
    }

    private static SearchedAgent read(ResultSet row, StatementContext context) throws SQLException {
        return new SearchedAgent(
                new AgentFacts(
                        row.getString("id"),
                        row.getString("name"),
                        row.getString("owner_id"),
                        row.getBoolean("is_public")),
                Optional.ofNullable(row.getString("description")),
                Json.texts(row.getString("intents")),
                row.getLong("updated_at"));
    }
}
