package ai.robutler.support;

import java.util.Map;

/** The databases that the portal runs on; a test of the portal's runs on each. */
public enum Store {
    /** A file in the data folder. */
    SQLITE,
    /** A server. */
    POSTGRESQL;

    /** The settings of a new and empty database of this kind. */
    public Map<String, String> settings() {
        return this == SQLITE ? Map.of() : Map.of("database.url", PostgresServer.newDatabase());
    }
}
