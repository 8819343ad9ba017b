package ai.robutler.portal.intent;

import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.agent.AgentJson;
import ai.robutler.portal.agent.AgentListener;
import ai.robutler.portal.agent.Agents;
import ai.robutler.portal.search.BgeEmbedder;
import ai.robutler.portal.search.Embedder;
import ai.robutler.portal.search.PhraseIndex;
import ai.robutler.portal.search.SearchHealth;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.UserRepository;
import java.time.Clock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The search for agents and intents: one index in memory, filled in the background, and the beans that ask it. */
public final class Discovery implements AutoCloseable {
    private final Database database;
    private final Clock clock;
    private final DiscoverySettings settings;
    private final PhraseIndex index;
    private final IntentCatalog intents;
    private final AgentCatalog agents;
    private final IntentUpkeep upkeep;

    /** Opens an empty index; nothing is read before {@link #start}. */
    public Discovery(Database database, DiscoverySettings settings, Clock clock) {
        this(database, settings, clock, settings.semantic() ? BgeEmbedder::new : Discovery::none);
    }

    /** @param embedders loads the sentence model */
    Discovery(Database database, DiscoverySettings settings, Clock clock, Supplier<Embedder> embedders) {
        this.database = database;
        this.clock = clock;
        this.settings = settings;
        VectorRepository vectors = new VectorRepository(database, clock);
        this.index = new PhraseIndex(embedders, vectors);
        this.intents = new IntentCatalog(index);
        this.agents = new AgentCatalog(index);
        CatalogSync sync = new CatalogSync(database, intents, agents, clock);
        this.upkeep = new IntentUpkeep(database, sync, intents, vectors, clock);
    }

    private static Embedder none() {
        throw new IllegalStateException("switched off by portal.search.semantic = false");
    }

    /** Begins to read what is stored, in the background. */
    public void start() {
        upkeep.start(settings.refresh(), settings.purge());
    }

    /**
     * The bean that publishes intents.
     *
     * @param agentUrl the address of the agent of this portal that has that name
     */
    public IntentApi intentApi(UserRepository users, FirstAnswers firstAnswers, UnaryOperator<String> agentUrl) {
        IntentPublisher publisher = new IntentPublisher(users, settings.mostPerUser(), clock);
        return new IntentApi(database, firstAnswers, publisher, intents, new IntentJson(agentUrl), clock);
    }

    /**
     * The bean that finds intents.
     *
     * @param agentUrl the address of the agent of this portal that has that name
     */
    public IntentSearchApi intentSearchApi(UnaryOperator<String> agentUrl) {
        IntentSearch search = new IntentSearch(database, index, intents, agents, clock);
        return new IntentSearchApi(search, index, new IntentJson(agentUrl), upkeep::isLoaded, clock);
    }

    /** The bean that finds agents. */
    public AgentSearchApi agentSearchApi(Agents stored, AgentJson json) {
        return new AgentSearchApi(database, new AgentSearch(index, agents), agents, stored, json);
    }

    /**
     * The bean that tells what an agent can do.
     *
     * @param agentUrl the address of the agent of this portal that has that name
     */
    public AgentIntentsApi agentIntentsApi(Agents stored, UnaryOperator<String> agentUrl) {
        return new AgentIntentsApi(database, stored, new IntentJson(agentUrl), clock);
    }

    /** Who must be told of every change of an agent, in its transaction. */
    public AgentListener agentListener() {
        return new AgentIntents(clock);
    }

    /** Who must be told of every change that is committed. */
    public PortalChanges changes() {
        return new CatalogChanges(database, intents, agents, upkeep, clock);
    }

    /** Its background work. */
    IntentUpkeep upkeep() {
        return upkeep;
    }

    /** Whether searches go by meaning just now. */
    public boolean isSemantic() {
        return settings.semantic() && index.health().state() != SearchHealth.State.UNHEALTHY;
    }

    /** Ends the background work, within some seconds. */
    @Override
    public void close() {
        upkeep.close();
        index.close();
    }
}
