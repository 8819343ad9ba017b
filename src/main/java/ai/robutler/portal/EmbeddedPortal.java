package ai.robutler.portal;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalAgent;
import ai.robutler.portal.agent.AgentRepository;
import ai.robutler.portal.agent.StoredAgent;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.KeyUse;
import ai.robutler.portal.store.Database;
import java.time.Clock;
import java.util.Optional;

/** The portal of this process, as the gateway asks it. */
public final class EmbeddedPortal implements Portal {
    private final Database database;
    private final KeyRepository keys;
    private final KeyUse use;
    private final AgentRepository agents;
    private final Clock clock;

    /** The portal on this database. */
    public EmbeddedPortal(Database database, KeyRepository keys, KeyUse use, AgentRepository agents, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.use = use;
        this.agents = agents;
        this.clock = clock;
    }

    @Override
    public Optional<KeyOwner> authenticate(String apiKey) {
        return database.read(handle -> keys.authenticate(handle, apiKey, clock.millis()));
    }

    @Override
    public void keyUsed(String keyId) {
        use.used(keyId);
    }

    @Override
    public Optional<String> agentName(String id) {
        return database.read(handle -> agents.nameOf(handle, id));
    }

    @Override
    public Optional<PortalAgent> findAgent(String name) {
        return database.read(handle -> agents.findByName(handle, name)).map(StoredAgent::served);
    }
}
