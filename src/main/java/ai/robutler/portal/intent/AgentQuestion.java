package ai.robutler.portal.intent;

import ai.robutler.api.ApiException;
import ai.robutler.portal.Fields;
import ai.robutler.portal.search.SearchMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of the search for agents.
 *
 * @param text what is looked for
 * @param mode how texts are compared
 * @param minSimilarity the least similarity of a result, 0 to 1
 * @param most how many results are told at most
 * @param parts what of an agent counts
 */
record AgentQuestion(String text, SearchMode mode, double minSimilarity, int most, Set<AgentPart> parts) {
    /** Results that are told at most. */
    static final int MOST = 100;
    /** Results that are told when nothing is said. */
    static final int USUAL = 10;

    private static final int MOST_FIELDS = 10;

    /** Copies the parts. */
    AgentQuestion {
        parts = Set.copyOf(parts);
    }

    /** Reads it. Fails with 400. */
    static AgentQuestion read(Fields fields) {
        return new AgentQuestion(
                fields.requiredText("query", IntentReader.MOST_INTENT),
                mode(fields),
                fields.number("minSimilarity", 0, 1).orElse(IntentQuestion.MATCH),
                (int) fields.whole("maxResults", 1, MOST).orElse(USUAL),
                parts(fields.texts("fields", MOST_FIELDS, IntentReader.MOST_ID)));
    }

    private static SearchMode mode(Fields fields) {
        String mode = fields.text("mode", IntentReader.MOST_ID).orElse("semantic");
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "semantic" -> SearchMode.VECTOR;
            case "text" -> SearchMode.TEXT;
            case "hybrid" -> SearchMode.HYBRID;
            default -> throw ApiException.inField("mode", "The field 'mode' takes semantic, text or hybrid");
        };
    }

    private static Set<AgentPart> parts(Optional<List<String>> names) {
        Set<AgentPart> parts = EnumSet.noneOf(AgentPart.class);
        for (String name : names.orElse(List.of())) {
            List<AgentPart> known = List.of(AgentPart.values()).stream()
                    .filter(part -> part.told().equals(name))
                    .toList();
            if (known.isEmpty()) {
                throw ApiException.inField(
                        "fields", "The field 'fields' takes a list of name, description and intents");
            }
            parts.addAll(known);
        }
        return parts.isEmpty() ? EnumSet.allOf(AgentPart.class) : parts;
    }
}
