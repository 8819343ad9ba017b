package ai.robutler.portal.intent;

import ai.robutler.portal.Ids;
import ai.robutler.portal.agent.AgentListener;
import ai.robutler.portal.agent.StoredAgent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Keeps each agent, and the intents of its own list, where searches find them; in memory once it is committed. */
final class AgentIntents implements AgentListener {
    private final IntentRepository intents = new IntentRepository();
    private final IntentCatalog intentCatalog;
    private final AgentCatalog agentCatalog;
    private final Clock clock;

    AgentIntents(IntentCatalog intentCatalog, AgentCatalog agentCatalog, Clock clock) {
        this.intentCatalog = intentCatalog;
        this.agentCatalog = agentCatalog;
        this.clock = clock;
    }

    @Override
    public void saved(Handle handle, StoredAgent agent) {
        AgentFacts facts = new AgentFacts(agent.id(), agent.name(), agent.ownerId(), agent.isPublic());
        Optional<String> description = agent.profile().description();
        Set<String> wanted = new LinkedHashSet<>(agent.profile().intents());
        List<String> gone = intents.ofList(handle, agent.id()).stream()
                .filter(intent -> !wanted.contains(intent.terms().intent()))
                .map(Intent::id)
                .toList();
        intents.delete(handle, gone);
        List<Listed> listed = new ArrayList<>();
        for (String text : wanted) {
            listed.add(Listed.of(save(handle, facts, Terms.ofAgent(text, description))));
        }
        SearchedAgent searched =
                new SearchedAgent(facts, description, agent.profile().intents(), agent.updatedAt());
        handle.afterCommit(() -> {
            agentCatalog.put(searched);
            intentCatalog.remove(gone);
            listed.forEach(intentCatalog::put);
        });
    }

    private Intent save(Handle handle, AgentFacts agent, Terms terms) {
        long now = clock.millis();
        IntentTimes times = new IntentTimes(now, now, OptionalLong.empty());
        Intent intent = new Intent(Ids.next(), agent.ownerId(), agent.name(), Optional.of(agent), terms, times);
        return intents.save(handle, intent, NaturalKey.ofList(agent.id(), terms.intent()));
    }

    @Override
    public void deleted(Handle handle, String id) {
        handle.afterCommit(() -> {
            agentCatalog.remove(List.of(id));
            intentCatalog.removeAgent(id);
        });
    }
}
