package ai.robutler.portal.agent;

import ai.robutler.portal.key.ApiKey;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.KeyText;
import java.time.Clock;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The keys that agents themselves use; each method works in the transaction of its handle. */
public final class AgentKeys {
    private final KeyRepository keys;
    private final Clock clock;

    /** Keys in this table. */
    public AgentKeys(KeyRepository keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** A new key of the agent's, beside those that it has. */
    Made create(Handle handle, StoredAgent agent) {
        String text = KeyText.next();
        ApiKey key = ApiKey.create("agent " + agent.name(), agent.ownerId(), text, clock.millis())
                .ofAgent(agent.id());
        keys.insert(handle, key, text);
        return new Made(key, text);
    }

    /** Revokes all keys of the agent's. @return the ids of those that were valid */
    List<String> revokeAll(Handle handle, StoredAgent agent) {
        return keys.revokeOfAgent(handle, agent.id(), clock.millis());
    }

    record Made(ApiKey key, String rawKey) {}
}
