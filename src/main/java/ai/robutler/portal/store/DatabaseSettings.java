package ai.robutler.portal.store;

import java.time.Duration;

/**
 * How a database is used.
 *
 * @param connections how many read at the same time; SQLite has one more that writes, PostgreSQL as many again
 * @param patience how long a request waits for a connection, or for a lock
 * @param timeout the longest that one statement may take on PostgreSQL
 */
public record DatabaseSettings(int connections, Duration patience, Duration timeout) {}
