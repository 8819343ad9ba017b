package ai.robutler;

import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Changes;
import ai.robutler.portal.EmbeddedPortal;
import ai.robutler.portal.PortalStatus;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.store.DataLock;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.FirstStart;
import ai.robutler.portal.user.UserApi;
import ai.robutler.portal.user.UserRepository;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** Every bean of the embedded portal that a route names, built once. */
public final class PortalConfiguration implements CamelConfiguration, AutoCloseable {
    private final Path data;
    private final DataLock lock;
    private final Database database;
    private final Clock clock = Clock.systemUTC();
    private final UserRepository users = new UserRepository();
    private final KeyRepository keys = new KeyRepository();
    private final FirstAnswers firstAnswers;
    private final EmbeddedPortal portal;
    private final Changes changes = new Changes();
    private final Optional<String> newAdminKey;

    /** Opens the database. @throws IllegalStateException that says what to do, when it cannot be opened */
    public PortalConfiguration(Settings settings) {
        this.data = settings.path("robutler.data");
        DatabaseAddress address = DatabaseAddress.of(settings.text("database.url"), data);
        this.lock = DataLock.take(data);
        try {
            this.database = Database.open(
                    address, settings.integer("database.connections", 1), settings.duration("database.wait"));
        } catch (RuntimeException failure) {
            lock.close();
            throw failure;
        }
        this.firstAnswers = new FirstAnswers(database, clock);
        this.portal = new EmbeddedPortal(database, keys, clock);
        Optional<String> configured =
                Optional.of(settings.text("portal.api-key")).filter(key -> !key.isBlank());
        this.newAdminKey = new FirstStart(database, users, keys, clock).makeAdmin(configured, adminKeyFile());
    }

    @Override
    public void configure(CamelContext context) {
        Registry beans = context.getRegistry();
        beans.bind("portalStatus", new PortalStatus(database, Application.VERSION, clock));
        beans.bind("userApi", new UserApi(database, users, firstAnswers, clock));
    }

    /** The portal, as the gateway asks it. */
    public Portal portal() {
        return portal;
    }

    /** Tells the listener of every change from now on. */
    public void onChange(PortalChanges listener) {
        changes.add(listener);
    }

    /** The admin's key when it was made by this start, to be shown once. */
    public Optional<String> newAdminKey() {
        return newAdminKey;
    }

    /** Where a key that was made for the admin is written to. */
    public Path adminKeyFile() {
        return data.resolve("admin-key");
    }

    @Override
    public void close() {
        database.close();
        lock.close();
    }
}
