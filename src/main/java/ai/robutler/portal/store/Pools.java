package ai.robutler.portal.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The connections that write and those that read. They are apart, so that readers find one while writers wait.
 *
 * @param writing for SQLite exactly one, for which writers queue instead of colliding
 * @param reading refuse to write; each of their transactions sees one state
 */
record Pools(HikariDataSource writing, HikariDataSource reading) implements AutoCloseable {
    private static final int LEAST_MILLIS = 250;
    private static final int WAL_BYTES = 64 * 1024 * 1024;
    /** What is acknowledged survives a crash also on a server that is set to acknowledge sooner. */
    private static final String DURABLE = "SELECT set_config('synchronous_commit', 'on', false)"
            + " WHERE current_setting('synchronous_commit') = 'off'";

    private static final Duration KEEP_ALIVE = Duration.ofMinutes(2);

    static Pools sqlite(DatabaseAddress address, DatabaseSettings settings) {
        HikariConfig write = pool("portal-write", 1, settings);
        write.setDataSource(source(address, settings, SQLiteConfig.TransactionMode.IMMEDIATE));
        HikariConfig read = pool("portal-read", settings.connections(), settings);
        read.setDataSource(source(address, settings, SQLiteConfig.TransactionMode.DEFERRED));
        read.setConnectionInitSql("PRAGMA query_only = ON");
        return new Pools(new HikariDataSource(write), new HikariDataSource(read));
    }

    /** One SQLite connection's settings; every one syncs each commit to the disk before it is acknowledged. */
    static SQLiteDataSource source(
            DatabaseAddress address, DatabaseSettings settings, SQLiteConfig.TransactionMode transactions) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit(WAL_BYTES);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(Math.toIntExact(settings.patience().toMillis()));
        config.setTransactionMode(transactions);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(address.jdbcUrl());
        return source;
    }

    static Pools postgres(DatabaseAddress address, DatabaseSettings settings) {
        String limits = "SET statement_timeout = " + settings.timeout().toMillis() + "; SET lock_timeout = "
                + settings.patience().toMillis();
        HikariConfig write = server("portal-write", address, settings);
        write.setConnectionInitSql(limits + "; SET default_transaction_isolation = 'read committed'; " + DURABLE);
        HikariConfig read = server("portal-read", address, settings);
        read.setConnectionInitSql(limits + "; SET default_transaction_isolation = 'repeatable read'"
                + "; SET default_transaction_read_only = on");
        return new Pools(new HikariDataSource(write), new HikariDataSource(read));
    }

    /** A server that is gone is noticed by timeouts and TCP's keep-alive; what the address says of these wins. */
    private static HikariConfig server(String name, DatabaseAddress address, DatabaseSettings settings) {
        HikariConfig config = pool(name, settings.connections(), settings);
        config.setJdbcUrl(address.jdbcUrl());
        config.setKeepaliveTime(KEEP_ALIVE.toMillis());
        long answer = settings.timeout().plus(settings.patience()).toSeconds();
        config.addDataSourceProperty("ApplicationName", "robutler");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty(
                "connectTimeout", Long.toString(Math.max(1, settings.patience().toSeconds())));
        config.addDataSourceProperty("socketTimeout", Long.toString(Math.max(2, answer)));
        return config;
    }

    private static HikariConfig pool(String name, int connections, DatabaseSettings settings) {
        long wait = Math.max(LEAST_MILLIS, settings.patience().toMillis());
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(wait);
        config.setValidationTimeout(Math.max(LEAST_MILLIS, wait / 2));
        config.setInitializationFailTimeout(-1);
        return config;
    }

    /** The writer goes last: who closes a SQLite file last empties its log. */
    @Override
    public void close() {
        reading.close();
        writing.close();
    }
}
