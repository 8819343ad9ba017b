package ai.robutler.portal.agent;

import org.jdbi.v3.core.Handle;

/** Who keeps something for each agent; told inside the transaction, so that a failure of his undoes the change. */
public interface AgentListener {

    /** Does nothing. */
    AgentListener NONE = new AgentListener() {
        @Override
        public void saved(Handle handle, StoredAgent agent) {}

        @Override
        public void deleted(Handle handle, String id) {}
    };

    /** The agent was made or changed; this is what it is now. */
    void saved(Handle handle, StoredAgent agent);

    /** The agent of that id was deleted. */
    void deleted(Handle handle, String id);
}
