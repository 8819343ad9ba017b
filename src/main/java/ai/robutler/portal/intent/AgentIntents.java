package ai.robutler.portal.intent;

import ai.robutler.portal.Ids;
import ai.robutler.portal.agent.AgentListener;
import ai.robutler.portal.agent.StoredAgent;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Keeps the intents of each agent's own list in the table {@code intents}. */
final class AgentIntents implements AgentListener {
    private final IntentRepository intents = new IntentRepository();
    private final Clock clock;

    AgentIntents(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void saved(Handle handle, StoredAgent agent) {
        AgentFacts facts = new AgentFacts(agent.id(), agent.name(), agent.ownerId(), agent.isPublic());
        Optional<String> description = agent.profile().description();
        Set<String> wanted = Set.copyOf(agent.profile().intents());
        List<String> gone = intents.ofList(handle, agent.id()).stream()
                .filter(intent -> !wanted.contains(intent.terms().intent()))
                .map(Intent::id)
                .toList();
        intents.delete(handle, gone);
        wanted.forEach(text -> save(handle, facts, Terms.ofAgent(text, description)));
    }

    private void save(Handle handle, AgentFacts agent, Terms terms) {
        long now = clock.millis();
        IntentTimes times = new IntentTimes(now, now, OptionalLong.empty());
        Intent intent = new Intent(Ids.next(), agent.ownerId(), agent.name(), Optional.of(agent), terms, times);
        intents.save(handle, intent, NaturalKey.ofList(agent.id(), terms.intent()));
    }

    /** Does nothing: the table removes intents with their agent. */
    @Override
    public void deleted(Handle handle, String id) {}
}
