package ai.robutler.portal.store;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells what a failed statement means to a caller: a database in trouble is 503, never an answer. */
final class StoreFailures {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFailures.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(30);

    private StoreFailures() {}

    /** The failure as its caller should see it; a mistake of ours comes back as it was. */
    static RuntimeException translate(RuntimeException failure) {
        SQLException cause = sqlCause(failure);
        if (cause == null) {
            return failure;
        }
        ApiException trouble = cause instanceof SQLiteException sqlite ? sqlite(sqlite) : other(cause);
        if (trouble == null) {
            return failure;
        }
        LOG.error("database: {} ({})", trouble.message(), cause.getMessage());
        return trouble;
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

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private static @Nullable ApiException sqlite(SQLiteException failure) {
        int primary = failure.getResultCode().code & 0xff;
        if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
            return unavailable("The disk of the database is full; nothing was stored", LATER);
        }
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return unavailable("The database is locked by another process", SOON);
        }
        if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return unavailable("The database file is damaged; restore a backup", LATER);
        }
        if (primary == SQLiteErrorCode.SQLITE_READONLY.code
                || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || primary == SQLiteErrorCode.SQLITE_IOERR.code
                || primary == SQLiteErrorCode.SQLITE_PERM.code) {
            return unavailable("The database file cannot be read or written", LATER);
        }
        return null;
    }

    /** PostgreSQL's classes: 08 connection, 53 resources (disk full), 57 shut down, 40 serialisation, 55 locks, 58 system. */
    private static @Nullable ApiException other(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (state.equals("53100")) {
            return unavailable("The disk of the database is full; nothing was stored", LATER);
        }
        if (failure instanceof SQLTransientConnectionException || state.matches("(08|53|57|58|40|55|28|3D).*")) {
            return unavailable("The database cannot be reached or is overloaded", SOON);
        }
        return null;
    }

    private static ApiException unavailable(String message, Duration wait) {
        return ApiException.of(ErrorCode.UNAVAILABLE, message).withRetryAfter(wait);
    }
}
