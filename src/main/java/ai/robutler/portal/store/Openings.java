package ai.robutler.portal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens a database for the first time; when that cannot be, says in one line why, and what to do. */
final class Openings {
    private static final long PAUSE_MILLIS = 200;

    private Openings() {}

    /** Makes the file, for this user only, and looks through it. @throws IllegalStateException when it is not usable */
    static void tryFile(DatabaseAddress address, DatabaseSettings settings) {
        Path file = address.file().toAbsolutePath();
        try {
            PrivateFiles.makeFolder(Objects.requireNonNull(file.getParent(), "an absolute file has a folder"));
            PrivateFiles.makeFile(file);
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "cannot write " + file + ": " + failure.getClass().getSimpleName()
                            + "; give this user the right to its folder, or set robutler.data (ROBUTLER_DATA)");
        }
        if (!Files.isWritable(file)) {
            throw new IllegalStateException("cannot write " + file + "; give this user the right to");
        }
        try (Connection connection = Pools.source(address, settings, SQLiteConfig.TransactionMode.IMMEDIATE)
                        .getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
            String finding = found.next() ? found.getString(1) : "nothing can be read";
            if (!"ok".equals(finding)) {
                throw damaged(address, finding);
            }
        } catch (SQLException failure) {
            throw unusable(address, failure);
        }
    }

    private static IllegalStateException unusable(DatabaseAddress address, SQLException failure) {
        int code = failure instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : 0;
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new DamagedDatabaseException(address
                    + " is no SQLite database, or its beginning is damaged; restore a backup with the command restore");
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return damaged(address, reason(failure));
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
            return new IllegalStateException(address + " is locked by another process; stop that one");
        }
        return new IllegalStateException("cannot open " + address + ": " + reason(failure));
    }

    private static IllegalStateException damaged(DatabaseAddress address, String finding) {
        return new DamagedDatabaseException(
                address + " is damaged (" + oneLine(finding) + "); restore a backup with the command restore");
    }

    /** Connects to the server, again and again while it cannot be reached. @throws IllegalStateException in the end */
    static void tryServer(DatabaseAddress address, DatabaseSettings settings) {
        long end = System.nanoTime() + settings.patience().toNanos();
        Properties properties = new Properties();
        properties.setProperty(
                "connectTimeout", Long.toString(Math.max(1, settings.patience().toSeconds())));
        properties.setProperty(
                "loginTimeout", Long.toString(Math.max(1, settings.patience().toSeconds())));
        while (true) {
            try {
                DriverManager.getConnection(address.jdbcUrl(), properties).close();
                return;
            } catch (SQLException failure) {
                boolean mayCome = String.valueOf(failure.getSQLState()).matches("08.*|57P03|53300");
                if (!mayCome || System.nanoTime() > end) {
                    throw new IllegalStateException("cannot connect to " + address + ": " + reason(failure)
                            + "; start it, or correct database.url (DATABASE_URL)");
                }
                pause();
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to the database");
        }
    }

    /** What the innermost cause says, in one line. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        boolean only = failure.getCause() == null || root instanceof SQLException;
        String message = only ? root.getMessage() : failure.getMessage() + " (" + root.getMessage() + ")";
        return oneLine(String.valueOf(message));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
