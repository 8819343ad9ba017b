package ai.robutler.portal.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;

/**
 * Begins and ends transactions of SQLite. Its driver begins the next one as soon as one is committed, and would so report a
 * failure of what has been stored.
 */
final class SqliteTransaction {
    private final SQLiteConnection connection;

    private SqliteTransaction(SQLiteConnection connection) {
        this.connection = connection;
    }

    /** Begins one: at once with the right to write, or with the first statement that reads. */
    static SqliteTransaction begin(Connection pooled, boolean writes) throws SQLException {
        SQLiteConnection connection = pooled.unwrap(SQLiteConnection.class);
        connection.getDatabase().exec(writes ? "begin immediate" : "begin deferred", false);
        connection.getConnectionConfig().setAutoCommit(false);
        return new SqliteTransaction(connection);
    }

    void commit() throws SQLException {
        connection.getDatabase().exec("commit", false);
        connection.getConnectionConfig().setAutoCommit(true);
    }

    /** Undoes it, unless SQLite has done so by itself. */
    void rollback() {
        try {
            connection.getDatabase().exec("rollback", false);
        } catch (SQLException ended) {
            // a full disk ends a transaction on its own
        }
        connection.getConnectionConfig().setAutoCommit(true);
    }
}
