package ai.robutler.portal.intent;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** One row of the table {@code intents}, with what its agent's row says. */
final class IntentRow {
    /** What a query for {@link #read} selects. */
    static final String SELECT = """
            SELECT i.id, i.user_id, i.agent, i.intent, i.agent_description, i.url, i.protocol, i.subpath, i.rank,
              i.latitude, i.longitude, i.created_at, i.updated_at, i.expires_at,
              a.id AS facts_id, a.name AS facts_name, a.owner_id AS facts_owner, a.is_public AS facts_public
            FROM intents i LEFT JOIN agents a ON a.id = i.of_agent
            """;

    private IntentRow() {}

    static Intent read(ResultSet row, StatementContext context) throws SQLException {
        return new Intent(
                row.getString("id"),
                row.getString("user_id"),
                row.getString("agent"),
                facts(row),
                new Terms(
                        row.getString("intent"),
                        Optional.ofNullable(row.getString("agent_description")),
                        Optional.ofNullable(row.getString("url")),
                        row.getString("protocol"),
                        row.getString("subpath"),
                        row.getDouble("rank"),
                        place(row)),
                new IntentTimes(row.getLong("created_at"), row.getLong("updated_at"), expiry(row)));
    }

    /** Binds all but the natural key. */
    static <S extends SqlStatement<S>> S bind(S statement, Intent intent) {
        Terms terms = intent.terms();
        OptionalLong expiry = intent.times().expiresAt();
        return statement
                .bind("id", intent.id())
                .bind("user", intent.userId())
                .bind("agent", intent.agent())
                .bind("of_agent", intent.ofAgent().map(AgentFacts::id).orElse(null))
                .bind("intent", terms.intent())
                .bind("description", terms.description().orElse(null))
                .bind("url", terms.url().orElse(null))
                .bind("protocol", terms.protocol())
                .bind("subpath", terms.subpath())
                .bind("rank", terms.rank())
                .bind("latitude", terms.place().map(Place::latitude).orElse(null))
                .bind("longitude", terms.place().map(Place::longitude).orElse(null))
                .bind("created", intent.times().createdAt())
                .bind("updated", intent.times().updatedAt())
                .bind("expires", expiry.isEmpty() ? null : Long.valueOf(expiry.getAsLong()));
    }

    private static Optional<AgentFacts> facts(ResultSet row) throws SQLException {
        String id = row.getString("facts_id");
        return id == null
                ? Optional.empty()
                : Optional.of(new AgentFacts(
                        id, row.getString("facts_name"), row.getString("facts_owner"), row.getBoolean("facts_public")));
    }

    private static Optional<Place> place(ResultSet row) throws SQLException {
        double latitude = row.getDouble("latitude");
        return row.wasNull() ? Optional.empty() : Optional.of(new Place(latitude, row.getDouble("longitude")));
    }

    private static OptionalLong expiry(ResultSet row) throws SQLException {
        long expiry = row.getLong("expires_at");
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(expiry);
    }
}
