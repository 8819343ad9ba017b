package ai.robutler.portal.intent;

import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.search.PhraseIndex;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All agents of this portal in memory, as the index searches them; of two versions of one the later stays. */
final class AgentCatalog {
    /** Their collection in the index; an entry is one part of an agent. */
    static final String COLLECTION = "agents";

    private final Map<String, SearchedAgent> agents = new ConcurrentHashMap<>();
    private final PhraseIndex index;

    AgentCatalog(PhraseIndex index) {
        this.index = index;
    }

    /** Adds an agent, or replaces an older version of it. */
    void put(SearchedAgent agent) {
        agents.compute(agent.facts().id(), (id, before) -> {
            if (before != null && before.updatedAt() > agent.updatedAt()) {
                return before;
            }
            if (!agent.equals(before)) {
                index.put(
                        COLLECTION,
                        AgentPart.NAME.entry(id),
                        List.of(agent.facts().name()));
                index.put(
                        COLLECTION,
                        AgentPart.DESCRIPTION.entry(id),
                        agent.description().stream().toList());
                index.put(COLLECTION, AgentPart.INTENTS.entry(id), agent.intents());
            }
            return agent;
        });
    }

    /** Whether the caller may find the agent of that id. */
    boolean isVisible(String id, PortalRequest caller) {
        SearchedAgent agent = agents.get(id);
        return agent != null && agent.facts().isVisibleTo(caller);
    }

    /** The agent of that name. */
    Optional<SearchedAgent> named(String name) {
        return agents.values().stream()
                .filter(agent -> agent.facts().name().equals(name))
                .findFirst();
    }

    /** Forgets agents that are no longer stored. */
    void remove(Collection<String> ids) {
        removeOlder(ids, Long.MAX_VALUE);
    }

    /** The same, except for those that were changed at or after this time. */
    void removeOlder(Collection<String> ids, long time) {
        for (String gone : ids) {
            agents.computeIfPresent(gone, (id, known) -> {
                if (known.updatedAt() >= time) {
                    return known;
                }
                for (AgentPart part : AgentPart.values()) {
                    index.remove(COLLECTION, part.entry(id));
                }
                return null;
            });
        }
    }

    /** The ids as they are now. */
    Set<String> ids() {
        return Set.copyOf(agents.keySet());
    }
}
