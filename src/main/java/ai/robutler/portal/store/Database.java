package ai.robutler.portal.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The portal's database. SQLite has one connection that writes (so that writers queue instead of colliding) and several
 * that read; PostgreSQL has one pool for both. Every failure of the database itself reaches the caller as 503.
 */
public final class Database implements AutoCloseable {
    private final DatabaseAddress address;
    private final HikariDataSource writing;
    private final HikariDataSource reading;
    private final Jdbi writer;
    private final Jdbi reader;

    private Database(DatabaseAddress address, HikariDataSource writing, HikariDataSource reading) {
        this.address = address;
        this.writing = writing;
        this.reading = reading;
        this.writer = Jdbi.create(writing);
        this.reader = Jdbi.create(reading);
    }

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it, inside the transaction of the handle. */
        T with(Handle handle);
    }

    /** What is done with a connection for its effect. */
    @FunctionalInterface
    public interface Change {
        /** Does it, inside the transaction of the handle. */
        void with(Handle handle);
    }

    /**
     * Opens the database and brings its tables up to date.
     *
     * @param connections how many read at the same time (SQLite), or are open in all (PostgreSQL)
     * @param wait how long a request waits for a connection
     * @throws IllegalStateException that says what to do, when it cannot be opened
     */
    public static Database open(DatabaseAddress address, int connections, Duration wait) {
        Database database =
                address.postgres() ? postgres(address, connections, wait) : sqlite(address, connections, wait);
        try {
            database.migrate();
            if (!address.postgres()) {
                database.check();
            }
            return database;
        } catch (RuntimeException failure) {
            database.close();
            throw failure;
        }
    }

    private static Database postgres(DatabaseAddress address, int connections, Duration wait) {
        HikariConfig config = pool("portal", connections, wait);
        config.setJdbcUrl(address.jdbcUrl());
        HikariDataSource pool = new HikariDataSource(config);
        return new Database(address, pool, pool);
    }

    private static Database sqlite(DatabaseAddress address, int connections, Duration wait) {
        try {
            Files.createDirectories(address.file().toAbsolutePath().getParent());
        } catch (IOException failure) {
            throw new IllegalStateException("cannot make the folder of " + address + ": " + failure.getMessage());
        }
        HikariConfig write = pool("portal-write", 1, wait);
        write.setDataSource(sqliteSource(address, wait, false));
        HikariConfig read = pool("portal-read", connections, wait);
        read.setDataSource(sqliteSource(address, wait, true));
        read.setConnectionInitSql("PRAGMA query_only = ON");
        return new Database(address, new HikariDataSource(write), new HikariDataSource(read));
    }

    private static HikariConfig pool(String name, int connections, Duration wait) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(Math.max(250, wait.toMillis()));
        config.setInitializationFailTimeout(-1);
        return config;
    }

    private static SQLiteDataSource sqliteSource(DatabaseAddress address, Duration wait, boolean readsOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(Math.toIntExact(wait.toMillis()));
        config.setTransactionMode(
                readsOnly ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(address.jdbcUrl());
        return source;
    }

    private void migrate() {
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(writing)
                    .locations("classpath:db/migration")
                    .placeholders(Map.of("bytes", address.postgres() ? "BYTEA" : "BLOB"))
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException failure) {
            throw new IllegalStateException("cannot open " + address + ": " + rootMessage(failure), failure);
        }
    }

    private void check() {
        String finding = read(handle ->
                handle.createQuery("PRAGMA quick_check(1)").mapTo(String.class).one());
        if (!finding.equals("ok")) {
            throw new IllegalStateException(
                    address + " is damaged (" + finding + "); restore a backup with the command restore");
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Reads in one transaction: what is read belongs together. */
    public <T> T read(Work<T> work) {
        return run(reader, work);
    }

    /** Reads and writes in one transaction: all of it is stored, or nothing. */
    public <T> T write(Work<T> work) {
        return run(writer, work);
    }

    /** The same without a result. */
    public void change(Change change) {
        write(handle -> {
            change.with(handle);
            return Boolean.TRUE;
        });
    }

    private static <T> T run(Jdbi jdbi, Work<T> work) {
        try {
            return jdbi.inTransaction(work::with);
        } catch (RuntimeException failure) {
            throw StoreFailures.translate(failure);
        }
    }

    /** Whether this failure of a write says that a unique value was there already. */
    public static boolean isDuplicate(RuntimeException failure) {
        return StoreFailures.isDuplicate(failure);
    }

    /** Where it is. */
    public DatabaseAddress address() {
        return address;
    }

    @Override
    public void close() {
        writing.close();
        reading.close();
    }
}
