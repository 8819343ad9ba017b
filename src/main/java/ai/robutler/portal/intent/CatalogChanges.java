package ai.robutler.portal.intent;

import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.store.Database;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what is in memory of an agent in step with the tables, each time that it was changed. */
final class CatalogChanges implements PortalChanges {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogChanges.class);

    private final Database database;
    private final IntentCatalog intentCatalog;
    private final AgentCatalog agentCatalog;
    private final IntentUpkeep upkeep;
    private final Clock clock;
    private final IntentRepository intents = new IntentRepository();
    private final AgentFactsRepository agents = new AgentFactsRepository();

    CatalogChanges(Database database, IntentCatalog intents, AgentCatalog agents, IntentUpkeep upkeep, Clock clock) {
        this.database = database;
        this.intentCatalog = intents;
        this.agentCatalog = agents;
        this.upkeep = upkeep;
        this.clock = clock;
    }

    /** A failure is not the caller's, whose change is stored: everything is read again later. */
    @Override
    public void agentChanged(String name) {
        try {
            Optional<SearchedAgent> known = agentCatalog.named(name);
            Optional<SearchedAgent> stored = database.read(handle -> agents.named(handle, name));
            known.filter(agent -> stored.isEmpty()
                            || !stored.get().facts().id().equals(agent.facts().id()))
                    .map(agent -> agent.facts().id())
                    .ifPresent(id -> {
                        agentCatalog.remove(List.of(id));
                        intentCatalog.remove(intentCatalog.ofAgent(id));
                    });
            stored.ifPresent(this::become);
        } catch (RuntimeException failure) {
            LOG.warn("the search learns later of a changed agent: {}", failure.toString());
            upkeep.readAgain();
        }
    }

    /** What was in memory before the tables were read, and is not there, is gone. */
    private void become(SearchedAgent agent) {
        String id = agent.facts().id();
        agentCatalog.put(agent);
        Set<String> gone = new HashSet<>(intentCatalog.ofAgent(id));
        for (Intent intent : database.read(handle -> intents.ofAgent(handle, id, clock.millis()))) {
            gone.remove(intent.id());
            intentCatalog.put(Listed.of(intent));
        }
        intentCatalog.remove(gone);
    }

    @Override
    public void keyChanged(String keyId) {
        // keys are not searched
    }

    @Override
    public void everythingChanged() {
        upkeep.readAgain();
    }
}
