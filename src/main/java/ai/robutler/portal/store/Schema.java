package ai.robutler.portal.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables, made and brought up to date by the numbered files in {@code db/migration}. */
public final class Schema {
    /** The number of the newest of these files. */
    public static final int VERSION = 2;

    /** Where Flyway writes down which files it has run. */
    public static final String HISTORY = "flyway_schema_history";

    private Schema() {}

    /**
     * Brings the tables up to date. Flyway is asked only when they are not, since it takes a third of a second to do nothing.
     *
     * @throws IllegalStateException when they were made by a newer version of the product, or cannot be changed
     */
    static void update(DatabaseAddress address) {
        int found;
        try {
            found = found(address);
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot read the tables of " + address + ": " + Openings.reason(failure));
        }
        if (found > VERSION) {
            throw new IllegalStateException(address + " was made by a newer version of Robutler (schema " + found
                    + ", this version knows " + VERSION + "); start that version, or restore a backup of this one");
        }
        if (found < VERSION) {
            migrate(address);
        }
    }

    /** The version of the tables that are there; 0 when there are none, or a file was not run to its end. */
    private static int found(DatabaseAddress address) throws SQLException {
        try (Connection connection = DriverManager.getConnection(address.jdbcUrl())) {
            try (ResultSet table = connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
                if (!table.next()) {
                    return 0;
                }
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT min(CASE WHEN success THEN 1 ELSE 0 END),"
                            + " max(CAST(version AS INTEGER)) FROM " + HISTORY)) {
                return row.next() ? row.getInt(1) * row.getInt(2) : 0;
            }
        }
    }

    private static void migrate(DatabaseAddress address) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(address.jdbcUrl(), null, null)
                    .locations("classpath:db/migration")
                    .placeholders(Map.of("bytes", address.postgres() ? "BYTEA" : "BLOB"))
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException failure) {
            throw new IllegalStateException(
                    "cannot bring the tables of " + address + " up to date: " + Openings.reason(failure), failure);
        }
    }
}
