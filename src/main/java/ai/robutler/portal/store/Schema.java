package ai.robutler.portal.store;

import java.util.Arrays;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;

/** The tables, made and brought up to date by the numbered files in {@code db/migration}. */
final class Schema {
    private Schema() {}

    /**
     * Brings the tables up to date.
     *
     * @return the schema's version
     * @throws IllegalStateException when they were made by a newer version of the product, or cannot be changed
     */
    static int update(DatabaseAddress address) {
        try {
            Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(address.jdbcUrl(), null, null)
                    .locations("classpath:db/migration")
                    .placeholders(Map.of("bytes", address.postgres() ? "BYTEA" : "BLOB"))
                    .loggers("slf4j")
                    .load();
            MigrationInfoService found = flyway.info();
            refuseNewer(address, found);
            if (found.pending().length > 0) {
                flyway.migrate();
            } else {
                flyway.validate();
            }
            return newest(found);
        } catch (FlywayException failure) {
            throw new IllegalStateException(
                    "cannot bring the tables of " + address + " up to date: " + Openings.reason(failure), failure);
        }
    }

    private static void refuseNewer(DatabaseAddress address, MigrationInfoService found) {
        MigrationInfo current = found.current();
        if (current != null && number(current.getVersion()) > newest(found)) {
            throw new IllegalStateException(address + " was made by a newer version of Robutler (schema "
                    + number(current.getVersion()) + ", this version knows " + newest(found)
                    + "); start that version, or restore a backup of this one");
        }
    }

    /** The newest that this version of the product knows. */
    private static int newest(MigrationInfoService found) {
        return Arrays.stream(found.all())
                .filter(migration -> migration.getScript() != null
                        && !migration.getState().name().startsWith("FUTURE"))
                .mapToInt(migration -> number(migration.getVersion()))
                .max()
                .orElse(0);
    }

    private static int number(MigrationVersion version) {
        return version.getMajor().intValueExact();
    }
}
