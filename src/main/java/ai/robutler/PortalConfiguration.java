package ai.robutler;

import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Changes;
import ai.robutler.portal.EmbeddedPortal;
import ai.robutler.portal.PortalStatus;
import ai.robutler.portal.archive.Archives;
import ai.robutler.portal.content.ContentApi;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.store.DataLock;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.DatabaseSettings;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.FirstStart;
import ai.robutler.portal.user.UserApi;
import ai.robutler.portal.user.UserRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.IntSupplier;
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
    private final ContentApi content;
    private final Optional<String> newAdminKey;
    private final Settings settings;
    private volatile IntSupplier port = () -> 0;

    /** Opens the database. @throws IllegalStateException that says what to do, when it cannot be opened */
    public PortalConfiguration(Settings settings) throws IOException {
        this.settings = settings;
        this.data = settings.path("robutler.data");
        DatabaseAddress address = DatabaseAddress.of(settings.text("database.url"), data);
        this.lock = DataLock.take(data);
        try {
            this.database = Database.open(address, databaseSettings(settings));
        } catch (RuntimeException failure) {
            lock.close();
            throw failure;
        }
        this.firstAnswers = new FirstAnswers(database, clock);
        this.portal = new EmbeddedPortal(database, keys, clock);
        Optional<String> configured =
                Optional.of(settings.text("portal.api-key")).filter(key -> !key.isBlank());
        this.content = new ContentApi(
                database,
                firstAnswers,
                new ContentApi.Place(
                        data.resolve("content"), settings.number("portal.content.quota-bytes", 0), this::address),
                clock);
        this.newAdminKey = new FirstStart(database, users, keys, clock).makeAdmin(configured, adminKeyFile());
    }

    private static DatabaseSettings databaseSettings(Settings settings) {
        return new DatabaseSettings(
                settings.integer("database.connections", 1),
                settings.duration("database.wait"),
                settings.duration("database.timeout"));
    }

    @Override
    public void configure(CamelContext context) {
        Registry beans = context.getRegistry();
        beans.bind("portalStatus", new PortalStatus(database, Application.VERSION, clock));
        beans.bind("contentApi", content);
        beans.bind("portalArchives", new PortalArchives(new Archives(database, data, clock), data, changes, clock));
        beans.bind("userApi", new UserApi(database, users, firstAnswers, clock));
    }

    /** Says on which port the server listens, once it does. */
    void listensOn(IntSupplier serverPort) {
        this.port = serverPort;
    }

    /** How addresses begin in what the portal tells, without a slash at the end. */
    private String address() {
        String configured = settings.text("portal.public-url").replaceFirst("/+$", "");
        return configured.isEmpty() ? "http://localhost:" + port.getAsInt() : configured;
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
