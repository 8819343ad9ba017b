package ai.robutler.support;

import ai.robutler.portal.store.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A time in which a database cannot be written: SQLite is locked by somebody else, PostgreSQL takes no connections. */
public final class DatabaseOutage implements AutoCloseable {
    private final Connection connection;
    private final String end;

    private DatabaseOutage(Connection connection, String end) {
        this.connection = connection;
        this.end = end;
    }

    /** Begins it. */
    public static DatabaseOutage begin(DatabaseAddress address) throws SQLException {
        if (!address.postgres()) {
            return begin(address.jdbcUrl(), "ROLLBACK", "BEGIN IMMEDIATE");
        }
        String name = address.jdbcUrl().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        return begin(
                address.jdbcUrl().replaceFirst("/" + name, "/postgres"),
                "ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS true",
                "ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    private static DatabaseOutage begin(String url, String end, String... statements) throws SQLException {
        DatabaseOutage outage = new DatabaseOutage(DriverManager.getConnection(url), end);
        for (String statement : statements) {
            outage.execute(statement);
        }
        return outage;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            execute(end);
        }
    }
}
