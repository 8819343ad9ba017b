package ai.robutler.portal.search;

import java.util.List;
import java.util.Map;

/**
 * How well an index finds what belongs together.
 *
 * @param recall share of the questions whose intent is among the matches
 * @param first share of the questions whose intent is the best of all
 * @param falseMatches share of matches among all pairs of a question and an intent that do not belong together
 * @param offTopic the same among the questions that nothing answers
 */
record Quality(double recall, double first, double falseMatches, double offTopic) {
    private static final String COLLECTION = "pairs";

    /** Asks all questions of a file, at a threshold; the index must be at rest before the first. */
    static Quality of(Pairs pairs, PhraseIndex index, SearchMode mode, double threshold) {
        int found = 0;
        int best = 0;
        int wrong = 0;
        int wrongOffTopic = 0;
        int answerable = 0;
        for (Map.Entry<String, String> each : pairs.wanted().entrySet()) {
            String intent = each.getValue();
            List<PhraseMatch> all = index.search(new PhraseQuery(COLLECTION, each.getKey(), mode, 0, 1_000, id -> true))
                    .matches();
            List<String> near = all.stream()
                    .filter(match -> match.similarity() >= threshold)
                    .map(PhraseMatch::phrase)
                    .toList();
            boolean right = near.contains(intent);
            answerable += intent.isEmpty() ? 0 : 1;
            found += right ? 1 : 0;
            best += all.get(0).phrase().equals(intent) ? 1 : 0;
            wrong += near.size() - (right ? 1 : 0);
            wrongOffTopic += intent.isEmpty() ? near.size() : 0;
        }
        int questions = pairs.wanted().size();
        int intents = pairs.intents().size();
        return new Quality(
                (double) found / answerable,
                (double) best / answerable,
                (double) wrong / (questions * intents - answerable),
                (double) wrongOffTopic / ((questions - answerable) * intents));
    }

    /** An index of all intents of a file, each with its vector. */
    static PhraseIndex index(Pairs pairs) {
        PhraseIndex index = new PhraseIndex(SharedModel::get, new MemoryVectorStore());
        for (String intent : pairs.intents()) {
            index.put(COLLECTION, intent, List.of(intent));
        }
        Eventually.atRest(index);
        return index;
    }
}
