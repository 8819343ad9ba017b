package ai.robutler;

import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Changes;
import ai.robutler.portal.EmbeddedPortal;
import ai.robutler.portal.PortalStatus;
import ai.robutler.portal.agent.AgentApi;
import ai.robutler.portal.agent.AgentJson;
import ai.robutler.portal.agent.AgentKeyApi;
import ai.robutler.portal.agent.AgentKeys;
import ai.robutler.portal.agent.AgentRepository;
import ai.robutler.portal.agent.Agents;
import ai.robutler.portal.intent.Discovery;
import ai.robutler.portal.intent.DiscoverySettings;
import ai.robutler.portal.key.KeyApi;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.KeyUse;
import ai.robutler.portal.key.KeyUseRepository;
import ai.robutler.portal.key.NewKeyApi;
import ai.robutler.portal.ledger.CreditApi;
import ai.robutler.portal.ledger.Ledger;
import ai.robutler.portal.store.DataLock;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.DatabaseSettings;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.store.Upkeep;
import ai.robutler.portal.user.FirstStart;
import ai.robutler.portal.user.IntegrationApi;
import ai.robutler.portal.user.IntegrationRepository;
import ai.robutler.portal.user.UserApi;
import ai.robutler.portal.user.UserRepository;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
    private final KeyUseRepository keyUses = new KeyUseRepository();
    private final KeyUse keyUse;
    private final Ledger ledger = new Ledger();
    private final AgentRepository agentRepository = new AgentRepository();
    private final AgentKeys agentKeys = new AgentKeys(keys, clock);
    private final Agents agents;
    private final AgentJson agentJson;
    private final FirstAnswers firstAnswers;
    private final Upkeep upkeep;
    private final Discovery discovery;
    private final UnaryOperator<String> agentUrl;
    private final EmbeddedPortal portal;
    private final Changes changes = new Changes();
    private final Optional<String> newAdminKey;

    /**
     * Opens the database.
     *
     * @param address how the server's own address begins, once it has one
     * @param isStatic whether an agent of the gateway's files has that name
     * @throws IllegalStateException that says what to do, when it cannot be opened
     */
    public PortalConfiguration(Settings settings, Supplier<String> address, Predicate<String> isStatic) {
        this.data = settings.path("robutler.data");
        DatabaseAddress place = DatabaseAddress.of(settings.text("database.url"), data);
        this.lock = DataLock.take(data);
        try {
            this.database = Database.open(place, databaseSettings(settings));
        } catch (RuntimeException failure) {
            lock.close();
            throw failure;
        }
        this.firstAnswers = new FirstAnswers(database, clock);
        this.upkeep = new Upkeep(firstAnswers);
        this.keyUse = new KeyUse(database, keyUses, settings.duration("portal.key-use-interval"), clock);
        this.portal = new EmbeddedPortal(database, keys, keyUse, agentRepository, clock);
        this.discovery = new Discovery(database, discoverySettings(settings), clock);
        changes.add(discovery.changes());
        this.agents = new Agents(agentRepository, agentKeys, discovery.agentListener(), isStatic, clock);
        String publicUrl = settings.text("portal.public-url").replaceFirst("/+$", "");
        Supplier<String> base = publicUrl.isEmpty() ? address : () -> publicUrl;
        this.agentJson = new AgentJson(base);
        this.agentUrl = name -> base.get() + "/" + name;
        Optional<String> configured =
                Optional.of(settings.text("portal.api-key")).filter(key -> !key.isBlank());
        try {
            this.newAdminKey = new FirstStart(database, users, keys, clock).makeAdmin(configured, adminKeyFile());
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** How the database is used. */
    static DatabaseSettings databaseSettings(Settings settings) {
        return new DatabaseSettings(
                settings.integer("database.connections", 1),
                settings.duration("database.wait"),
                settings.duration("database.timeout"));
    }

    private static DiscoverySettings discoverySettings(Settings settings) {
        return new DiscoverySettings(
                settings.flag("portal.search.semantic"),
                settings.duration("portal.search.refresh"),
                settings.duration("portal.intents.purge"),
                settings.integer("portal.intents.per-user", 1));
    }

    @Override
    public void configure(CamelContext context) {
        Registry beans = context.getRegistry();
        beans.bind(
                "userApi",
                new UserApi(database, new UserApi.Tables(users, keys, ledger), firstAnswers, changes, clock));
        IntegrationRepository integrations = new IntegrationRepository();
        beans.bind("integrationApi", new IntegrationApi(database, integrations, keys, firstAnswers, clock));
        CreditApi.Tables tables = new CreditApi.Tables(users, integrations, keyUses);
        beans.bind("creditApi", new CreditApi(database, ledger, tables, firstAnswers, clock));
        beans.bind("keyApi", new KeyApi(database, keys, keyUses, keyUse, changes, clock));
        beans.bind("newKeyApi", new NewKeyApi(keys, users, firstAnswers, changes, clock));
        beans.bind("portalStatus", new PortalStatus(database, discovery::isSemantic, Application.VERSION, clock));
        bindAgents(beans);
        discovery.start();
        upkeep.start();
    }

    private void bindAgents(Registry beans) {
        beans.bind("agentApi", new AgentApi(database, firstAnswers, agents, agentJson, changes));
        beans.bind("agentKeyApi", new AgentKeyApi(database, firstAnswers, agents, agentKeys));
        beans.bind("agentSearchApi", discovery.agentSearchApi(agents, agentJson));
        beans.bind("agentIntentsApi", discovery.agentIntentsApi(agents, agentUrl));
        beans.bind("intentApi", discovery.intentApi(users, firstAnswers, agentUrl));
        beans.bind("intentSearchApi", discovery.intentSearchApi(agentUrl));
    }

    /** The portal's database. */
    Database database() {
        return database;
    }

    /** Answers that are given once for each Idempotency-Key. */
    FirstAnswers firstAnswers() {
        return firstAnswers;
    }

    /** Who is told of changes. */
    Changes changes() {
        return changes;
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
        upkeep.close();
        keyUse.close();
        discovery.close();
        database.close();
        lock.close();
    }
}
