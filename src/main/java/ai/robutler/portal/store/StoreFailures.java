package ai.robutler.portal.store;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells what a failed statement means to a caller: a database in trouble is 503, never an answer. */
final class StoreFailures {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final String UNREACHABLE = "The database cannot be reached or is overloaded";
    private static final String FULL = "The disk of the database is full; nothing was stored";
    private static final Set<SQLiteErrorCode> LOCKED =
            Set.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED, SQLiteErrorCode.SQLITE_PROTOCOL);
    private static final Set<SQLiteErrorCode> DAMAGED =
            Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);
    private static final Set<SQLiteErrorCode> INACCESSIBLE = Set.of(
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_CANTOPEN,
            SQLiteErrorCode.SQLITE_IOERR,
            SQLiteErrorCode.SQLITE_PERM,
            SQLiteErrorCode.SQLITE_NOMEM,
            SQLiteErrorCode.SQLITE_INTERRUPT);

    /**
     * PostgreSQL's classes that are no mistake of ours: 08 connection, 28 and 3D whom and what it knows, 40 serialisation and
     * deadlocks, 53 resources, 55 locks, 57 shut down and timeouts, 58 and XX the system and its files, 25P03 a transaction
     * that it has ended.
     */
    private static final String TROUBLE = "(08|28|3D|40|53|55|57|58|XX).*|25P03";

    /** What a server says that only reads: a mistake of ours where we only read. */
    private static final String READS_ONLY = "25006";

    private StoreFailures() {}

    /**
     * The failure as its caller should see it; a mistake of ours comes back as it was.
     *
     * @param writing whether it was to write
     */
    static RuntimeException translate(RuntimeException failure, boolean writing) {
        SQLException cause = sqlCause(failure);
        ApiException trouble = null;
        if (cause instanceof SQLiteException sqlite) {
            trouble = sqlite(primary(sqlite));
        } else if (cause != null) {
            trouble = server(cause, writing);
        }
        if (trouble == null && failure instanceof ConnectionException) {
            trouble = unavailable(UNREACHABLE, SOON);
        }
        return trouble == null ? failure : trouble;
    }

    /** What the database said; null when the failure is not of its. */
    static @Nullable SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                // A pool that found no connection says why none could be made.
                return sql.getCause() instanceof SQLiteException why ? why : sql;
            }
        }
        return null;
    }

    /** Whether a unique value was there already. */
    static boolean isDuplicate(Throwable failure) {
        SQLException cause = sqlCause(failure);
        if (cause instanceof SQLiteException sqlite) {
            SQLiteErrorCode code = sqlite.getResultCode();
            return code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                    || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY;
        }
        return cause != null && "23505".equals(cause.getSQLState());
    }

    /** Whether a row broke a rule of its table, or a value does not fit its column. */
    static boolean isUnfit(Throwable failure) {
        SQLException cause = sqlCause(failure);
        if (cause instanceof SQLiteException sqlite) {
            return primary(sqlite) == SQLiteErrorCode.SQLITE_CONSTRAINT;
        }
        return cause != null && String.valueOf(cause.getSQLState()).matches("2[23].*");
    }

    /** Whether it was undone for the sake of another transaction, so that it succeeds when it is done again. */
    static boolean isCollision(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null && String.valueOf(cause.getSQLState()).startsWith("40");
    }

    /** Whether a connection broke that had been found; another one may be whole. */
    static boolean isBroken(Throwable failure) {
        SQLException cause = sqlCause(failure);
        return cause != null
                && !(cause instanceof SQLTransientConnectionException)
                && String.valueOf(cause.getSQLState()).matches("08.*|57P0[123]");
    }

    /** Whether the connection should not be used again: what it holds of the file may be wrong. */
    static boolean isSuspect(Throwable failure) {
        return sqlCause(failure) instanceof SQLiteException sqlite
                && (DAMAGED.contains(primary(sqlite)) || INACCESSIBLE.contains(primary(sqlite)));
    }

    private static SQLiteErrorCode primary(SQLiteException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getResultCode().code & 0xff);
    }

    private static @Nullable ApiException sqlite(SQLiteErrorCode code) {
        if (code == SQLiteErrorCode.SQLITE_FULL) {
            return unavailable(FULL, LATER);
        }
        if (LOCKED.contains(code)) {
            return unavailable("The database is locked by another process", SOON);
        }
        if (DAMAGED.contains(code)) {
            return unavailable("The database file is damaged; restore a backup", LATER);
        }
        return INACCESSIBLE.contains(code) ? unavailable("The database file cannot be read or written", LATER) : null;
    }

    private static @Nullable ApiException server(SQLException failure, boolean writing) {
        String state = String.valueOf(failure.getSQLState());
        if (state.equals("53100")) {
            return unavailable(FULL, LATER);
        }
        boolean down = failure instanceof SQLTransientConnectionException || state.matches(TROUBLE);
        return down || (writing && state.equals(READS_ONLY)) ? unavailable(UNREACHABLE, SOON) : null;
    }

    private static ApiException unavailable(String message, Duration wait) {
        return ApiException.of(ErrorCode.UNAVAILABLE, message).withRetryAfter(wait);
    }
}
