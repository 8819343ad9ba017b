package ai.robutler.portal.intent;

import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.search.PhraseIndex;
import ai.robutler.portal.search.PhraseMatch;
import ai.robutler.portal.search.PhraseQuery;
import ai.robutler.portal.search.PhraseResult;
import ai.robutler.portal.store.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Finds intents: which, in memory; what is told of them, in the table, which decides when the two differ. */
final class IntentSearch {
    private static final double ALIKE = 100;
    private static final int MOST_READS = 5;

    private final Database database;
    private final PhraseIndex index;
    private final IntentCatalog intents;
    private final AgentCatalog agents;
    private final Clock clock;
    private final IntentRepository repository = new IntentRepository();
    private final AgentFactsRepository facts = new AgentFactsRepository();

    IntentSearch(Database database, PhraseIndex index, IntentCatalog intents, AgentCatalog agents, Clock clock) {
        this.database = database;
        this.index = index;
        this.intents = intents;
        this.agents = agents;
        this.clock = clock;
    }

    /** The best results that the caller may find. */
    Found find(IntentQuestion question, PortalRequest caller) {
        Optional<String> agentId = question.agent()
                .flatMap(agent -> database.read(handle -> facts.find(handle, agent)))
                .map(AgentFacts::id);
        long now = clock.millis();
        Predicate<Listed> visible = listed -> listed.expiresAt() > now
                && question.area()
                        .map(area -> listed.place().filter(area::contains).isPresent())
                        .orElse(true)
                && question.agent()
                        .map(agent -> agent.equals(listed.agent())
                                || (agentId.isPresent() && agentId.equals(listed.ofAgent())))
                        .orElse(true)
                && listed.ofAgent().map(id -> agents.isVisible(id, caller)).orElse(true);
        PhraseResult result = index.search(new PhraseQuery(
                IntentCatalog.COLLECTION,
                question.text(),
                question.mode(),
                question.minSimilarity(),
                PhraseQuery.MOST_MATCHES,
                id -> intents.find(id).filter(visible).isPresent()));
        return new Found(hits(ordered(result.matches()), question.top(), caller), result);
    }

    private List<PhraseMatch> ordered(List<PhraseMatch> matches) {
        Map<String, Double> ranks = new HashMap<>();
        matches.forEach(match ->
                ranks.put(match.id(), intents.find(match.id()).map(Listed::rank).orElse(0.0)));
        List<PhraseMatch> ordered = new ArrayList<>(matches);
        ordered.sort(Comparator.comparingLong((PhraseMatch match) -> -Math.round(match.similarity() * ALIKE))
                .thenComparingDouble(match -> -ranks.getOrDefault(match.id(), 0.0))
                .thenComparingDouble(match -> -match.similarity())
                .thenComparing(PhraseMatch::id, Comparator.reverseOrder()));
        return ordered;
    }

    /** Reads so many that are there and visible; those that are no longer there are forgotten. */
    private List<Hit> hits(List<PhraseMatch> matches, int top, PortalRequest caller) {
        List<Hit> hits = new ArrayList<>();
        Set<String> told = new HashSet<>();
        int next = 0;
        for (int reads = 0; reads < MOST_READS && next < matches.size() && hits.size() < top; reads++) {
            List<PhraseMatch> some = matches.subList(next, Math.min(matches.size(), next + top));
            Map<String, Intent> stored = stored(some);
            for (PhraseMatch match : some) {
                Intent intent = stored.get(match.id());
                if (intent != null && mayFind(intent, caller) && hits.size() < top && told.add(sameFor(intent))) {
                    hits.add(new Hit(intent, match.similarity()));
                }
            }
            next += some.size();
        }
        return hits;
    }

    private Map<String, Intent> stored(List<PhraseMatch> matches) {
        List<String> ids = matches.stream().map(PhraseMatch::id).toList();
        Map<String, Intent> stored = new HashMap<>();
        database.read(handle -> repository.all(handle, ids)).forEach(intent -> stored.put(intent.id(), intent));
        intents.remove(ids.stream().filter(id -> !stored.containsKey(id)).toList());
        return stored;
    }

    private boolean mayFind(Intent intent, PortalRequest caller) {
        return intent.isAlive(clock.millis())
                && intent.ofAgent().map(agent -> agent.isVisibleTo(caller)).orElse(true);
    }

    /** An agent's own list and its owner may say the same. */
    private static String sameFor(Intent intent) {
        String agent = intent.ofAgent().map(AgentFacts::id).orElse(intent.agent() + "\n" + intent.userId());
        return agent + "\n" + intent.terms().intent();
    }

    record Hit(Intent intent, double similarity) {}

    record Found(List<Hit> hits, PhraseResult result) {
        Found {
            hits = List.copyOf(hits);
        }
    }
}
