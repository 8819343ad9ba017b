package ai.robutler.portal.store;

import ai.robutler.api.ApiException;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The portal's database. SQLite has one connection that writes (so that writers queue instead of colliding) and several
 * that read; PostgreSQL has a pool for each. Every failure of the database itself reaches the caller as 503.
 */
public final class Database implements AutoCloseable {
    private static final Duration STATEMENT = Duration.ofSeconds(10);

    private final DatabaseAddress address;
    private final Pools pools;
    private final Jdbi writer;
    private final Jdbi reader;
    private final TroubleLog log = new TroubleLog();

    private Database(DatabaseAddress address, Pools pools) {
        this.address = address;
        this.pools = pools;
        this.writer = Jdbi.create(pools.writing());
        this.reader = Jdbi.create(pools.reading());
        if (!address.postgres()) {
            writer.setTransactionHandler(new SqliteTransactions(true));
            reader.setTransactionHandler(new SqliteTransactions(false));
        }
    }

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it, inside the transaction of the handle. Is called again when another transaction has undone it. */
        T with(Handle handle);
    }

    /** What is done with a connection for its effect. */
    @FunctionalInterface
    public interface Change {
        /** Does it, inside the transaction of the handle. Is called again when another transaction has undone it. */
        void with(Handle handle);
    }

    /**
     * Opens the database and brings its tables up to date.
     *
     * @throws IllegalStateException that says in one line what to do, when it cannot be opened
     */
    public static Database open(DatabaseAddress address, DatabaseSettings settings) {
        if (address.postgres()) {
            Openings.tryServer(address, settings);
            Schema.update(address);
            return new Database(address, Pools.postgres(address, settings));
        }
        Openings.tryFile(address, settings);
        Schema.update(address);
        return new Database(address, Pools.sqlite(address, settings));
    }

    /** The same with the usual time for a statement. */
    public static Database open(DatabaseAddress address, int connections, Duration patience) {
        return open(address, new DatabaseSettings(connections, patience, STATEMENT));
    }

    /** Reads in one transaction, which sees one state of the database; it can write nothing. */
    public <T> T read(Work<T> work) {
        int broken = 0;
        while (true) {
            try {
                return once(reader, work, false);
            } catch (RuntimeException failure) {
                broken++;
                // Each connection of the pool may have broken with the server that it led to.
                if (!StoreFailures.isBroken(failure) || broken > pools.reading().getMaximumPoolSize()) {
                    throw told(failure, false);
                }
            }
        }
    }

    /** Reads and writes in one transaction: all of it is stored, or nothing. */
    public <T> T write(Work<T> work) {
        try {
            return once(writer, work, true);
        } catch (RuntimeException failure) {
            if (!StoreFailures.isCollision(failure)) {
                throw told(failure, true);
            }
        }
        try {
            return once(writer, work, true);
        } catch (RuntimeException failure) {
            throw told(failure, true);
        }
    }

    /** The same without a result. */
    public void change(Change change) {
        write(handle -> {
            change.with(handle);
            return Boolean.TRUE;
        });
    }

    private <T> T once(Jdbi jdbi, Work<T> work, boolean writes) {
        if (address.postgres()) {
            return jdbi.inTransaction(work::with);
        }
        try (Handle handle = jdbi.open()) {
            try {
                return handle.inTransaction(work::with);
            } catch (RuntimeException failure) {
                if (StoreFailures.isSuspect(failure)) {
                    HikariDataSource pool = writes ? pools.writing() : pools.reading();
                    pool.evictConnection(handle.getConnection());
                }
                throw failure;
            }
        }
    }

    private RuntimeException told(RuntimeException failure, boolean writing) {
        RuntimeException told = StoreFailures.translate(failure, writing);
        if (told instanceof ApiException trouble && trouble != failure) {
            log.met(trouble.message(), failure);
        }
        return told;
    }

    /** Whether this failure of a write says that a unique value was there already. */
    public static boolean isDuplicate(RuntimeException failure) {
        return StoreFailures.isDuplicate(failure);
    }

    /** Whether this failure of a write says that its rows break a rule of their table. */
    public static boolean isUnfit(RuntimeException failure) {
        return StoreFailures.isUnfit(failure);
    }

    /** Where it is. */
    public DatabaseAddress address() {
        return address;
    }

    @Override
    public void close() {
        pools.close();
    }
}
