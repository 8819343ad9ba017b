package ai.robutler.portal.store;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.sqlite.SQLiteConnection;

/**
 * Begins and ends transactions of SQLite. Its driver begins the next one as soon as one is committed, and would so report a
 * failure of what has been stored.
 */
final class SqliteTransactions implements TransactionHandler {
    private final String begin;

    /** @param writes whether they begin with the right to write; else with the first statement that reads */
    SqliteTransactions(boolean writes) {
        this.begin = writes ? "begin immediate" : "begin deferred";
    }

    @Override
    public void begin(Handle handle) {
        execute(handle, begin, false);
    }

    @Override
    public void commit(Handle handle) {
        execute(handle, "commit", true);
    }

    /** Undoes it, unless SQLite has done so by itself, as on a full disk. */
    @Override
    public void rollback(Handle handle) {
        try {
            execute(handle, "rollback", true);
        } catch (TransactionException ended) {
            endOf(handle);
        }
    }

    @Override
    public boolean isInTransaction(Handle handle) {
        try {
            return !connection(handle).getConnectionConfig().isAutoCommit();
        } catch (SQLException failure) {
            throw new TransactionException("the connection is gone", failure);
        }
    }

    @Override
    public void savepoint(Handle handle, String name) {
        throw new UnsupportedOperationException("transactions have no parts here");
    }

    @Override
    public void rollbackToSavepoint(Handle handle, String name) {
        throw new UnsupportedOperationException("transactions have no parts here");
    }

    @Override
    public void releaseSavepoint(Handle handle, String name) {
        throw new UnsupportedOperationException("transactions have no parts here");
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> work) throws X {
        handle.begin();
        boolean stored = false;
        try {
            R result = work.withHandle(handle);
            handle.commit();
            stored = true;
            return result;
        } finally {
            if (!stored && isInTransaction(handle)) {
                handle.rollback();
            }
        }
    }

    @Override
    public <R, X extends Exception> R inTransaction(
            Handle handle, TransactionIsolationLevel level, HandleCallback<R, X> work) throws X {
        return inTransaction(handle, work);
    }

    private static void execute(Handle handle, String statement, boolean ends) {
        try {
            SQLiteConnection connection = connection(handle);
            connection.getDatabase().exec(statement, false);
            connection.getConnectionConfig().setAutoCommit(ends);
        } catch (SQLException failure) {
            throw new TransactionException("a transaction could not be begun or ended", failure);
        }
    }

    private static void endOf(Handle handle) {
        try {
            connection(handle).getConnectionConfig().setAutoCommit(true);
        } catch (SQLException gone) {
            throw new TransactionException("the connection is gone", gone);
        }
    }

    private static SQLiteConnection connection(Handle handle) throws SQLException {
        return handle.getConnection().unwrap(SQLiteConnection.class);
    }
}
