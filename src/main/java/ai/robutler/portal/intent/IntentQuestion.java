package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.portal.Fields;
import ai.robutler.portal.search.SearchMode;
import java.util.Locale;
import java.util.Optional;

/**
 * What is asked of the search.
 *
 * @param text what is looked for
 * @param mode how texts are compared
 * @param minSimilarity the least similarity of a result, 0 to 1
 * @param top how many results are told at most
 * @param area where intents must be offered; empty when that does not matter
 * @param agent the id or name of the agent whose intents count; empty for all agents
 */
record IntentQuestion(
        String text, SearchMode mode, double minSimilarity, int top, Optional<Area> area, Optional<String> agent) {
    /** From which similarity on a person would call it a match. */
    static final double MATCH = 0.7;

    private static final int MOST = 100;
    private static final int USUAL = 5;
    private static final double USUAL_RADIUS_KM = 100;
    private static final double MOST_RADIUS_KM = 20_040;

    /** Reads it. Fails with 400. */
    static IntentQuestion read(Fields fields) {
        double radius = fields.number("radiusKm", 0, MOST_RADIUS_KM).orElse(USUAL_RADIUS_KM);
        return new IntentQuestion(
                fields.requiredText("intent", IntentReader.MOST_INTENT),
                mode(fields),
                fields.number("minSimilarity", 0, 1).orElse(MATCH),
                (int) fields.whole("topK", 1, MOST).orElse(USUAL),
                IntentReader.place(fields).map(place -> new Area(place, radius)),
                fields.text("agentId", IntentReader.MOST_ID).filter(text -> !text.isBlank()));
    }

    private static SearchMode mode(Fields fields) {
        String mode = fields.text("searchType", IntentReader.MOST_ID).orElse("vector");
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "vector" -> SearchMode.VECTOR;
            case "text" -> SearchMode.TEXT;
            case "hybrid" -> SearchMode.HYBRID;
            default ->
                throw ApiException.inField("search_type", "The field 'search_type' takes vector, text or hybrid");
        };
    }
}
