package ai.robutler.portal.intent;

import ai.robutler.portal.search.PhraseMatch;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An agent that was found.
 *
 * @param id the agent's id
 * @param phrase which of its texts is the nearest
 * @param similarity how near that text is, 0 to 1
 * @param capabilities which of the asked ones it has; empty where none were asked
 */
record AgentMatch(String id, String phrase, double similarity, List<String> capabilities) {

    /** Copies the list. */
    AgentMatch {
        capabilities = List.copyOf(capabilities);
    }

    /** The agents of these entries, each by its nearest one, the best first. */
    static List<AgentMatch> of(List<PhraseMatch> entries) {
        Map<String, AgentMatch> best = new LinkedHashMap<>();
        for (PhraseMatch entry : entries) {
            String id = AgentPart.agentOf(entry.id());
            best.merge(id, new AgentMatch(id, entry.phrase(), entry.similarity(), List.of()), AgentMatch::and);
        }
        return ordered(best.values());
    }

    /** Those with the most capabilities first, of these the nearest, of these the oldest. */
    static List<AgentMatch> ordered(Collection<AgentMatch> matches) {
        return matches.stream()
                .sorted(Comparator.comparingInt((AgentMatch match) -> -match.capabilities.size())
                        .thenComparingDouble(match -> -match.similarity)
                        .thenComparing(AgentMatch::id))
                .toList();
    }

    /** The same agent as one that has that capability. */
    AgentMatch forCapability(String capability) {
        return new AgentMatch(id, phrase, similarity, List.of(capability));
    }

    /** The same agent, found twice: by its nearest text, with all capabilities. */
    AgentMatch and(AgentMatch other) {
        AgentMatch nearest = similarity >= other.similarity ? this : other;
        List<String> all = Stream.concat(capabilities.stream(), other.capabilities.stream())
                .distinct()
                .toList();
        return new AgentMatch(id, nearest.phrase, nearest.similarity, all);
    }
}
