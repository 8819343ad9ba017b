package ai.robutler.portal.intent;

import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.search.PhraseIndex;
import ai.robutler.portal.search.PhraseMatch;
import ai.robutler.portal.search.PhraseQuery;
import ai.robutler.portal.search.PhraseResult;
import ai.robutler.portal.search.SearchMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Finds agents in memory, among those that the caller may see. */
final class AgentSearch {
    private static final int PARTS = AgentPart.values().length;

    private final PhraseIndex index;
    private final AgentCatalog catalog;

    AgentSearch(PhraseIndex index, AgentCatalog catalog) {
        this.index = index;
        this.catalog = catalog;
    }

    /** The agents nearest to a question. */
    Found find(AgentQuestion question, PortalRequest caller) {
        Predicate<String> visible =
                entry -> question.parts().stream().anyMatch(part -> part.isPartOf(entry)) && isVisible(entry, caller);
        PhraseResult result = index.search(new PhraseQuery(
                AgentCatalog.COLLECTION,
                question.text(),
                question.mode(),
                question.minSimilarity(),
                entries(question.most()),
                visible));
        return new Found(AgentMatch.of(result.matches()), result.mode());
    }

    /** Agents that can do some of this, those that can do the most of it first, and of these the nearest. */
    Found discover(List<String> capabilities, PortalRequest caller) {
        Map<String, AgentMatch> found = new LinkedHashMap<>();
        String mode = "vector";
        for (String capability : capabilities) {
            AgentQuestion question = new AgentQuestion(
                    capability,
                    SearchMode.VECTOR,
                    IntentQuestion.MATCH,
                    AgentQuestion.MOST,
                    EnumSet.allOf(AgentPart.class));
            Found some = find(question, caller);
            some.matches().forEach(match -> found.merge(match.id(), match.forCapability(capability), AgentMatch::and));
            mode = some.mode().equals("lexical") ? "lexical" : mode;
        }
        return new Found(AgentMatch.ordered(found.values()), mode);
    }

    /** The agents nearest to what that one is and can do, without a threshold. */
    Found similar(String agentId, int most, PortalRequest caller) {
        List<PhraseMatch> entries = new ArrayList<>();
        Predicate<String> visible = entry -> !AgentPart.agentOf(entry).equals(agentId) && isVisible(entry, caller);
        String mode = "vector";
        for (AgentPart part : List.of(AgentPart.DESCRIPTION, AgentPart.INTENTS)) {
            PhraseResult result = index.similar(AgentCatalog.COLLECTION, part.entry(agentId), entries(most), visible);
            entries.addAll(result.matches());
            mode = result.mode().equals("lexical") ? "lexical" : mode;
        }
        return new Found(AgentMatch.of(entries), mode);
    }

    private static int entries(int agents) {
        return Math.min(PhraseQuery.MOST_MATCHES, agents * PARTS);
    }

    private boolean isVisible(String entry, PortalRequest caller) {
        return catalog.isVisible(AgentPart.agentOf(entry), caller);
    }

    /**
     * What was found.
     *
     * @param matches the best first
     * @param mode how texts were compared; {@code lexical} when the sentence model is not there
     */
    record Found(List<AgentMatch> matches, String mode) {
        Found {
            matches = List.copyOf(matches);
        }
    }
}
