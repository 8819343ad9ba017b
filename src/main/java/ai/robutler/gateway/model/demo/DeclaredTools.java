package ai.robutler.gateway.model.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/** Finds the tool of a request that its last user message asks for. */
final class DeclaredTools {
    private DeclaredTools() {}

    /**
     * The tool to call: the one that {@code tool_choice} names; else the one whose name the question mentions, whole or
     * at least half of its words; else, when the choice is {@code required}, the first.
     *
     * @return the tool's {@code function} object; empty for none
     */
    static Optional<JsonNode> wanted(JsonNode request, String question) {
        JsonNode choice = request.path("tool_choice");
        if (choice.asText().equals("none")) {
            return Optional.empty();
        }
        if (choice.isObject()) {
            return named(request, choice.path("function").path("name").asText());
        }
        Optional<JsonNode> mentioned = mentioned(request, question);
        if (mentioned.isEmpty() && choice.asText().equals("required")) {
            return Optional.of(request.path("tools").path(0).path("function"));
        }
        return mentioned;
    }

    /** The declared function of that name. */
    static Optional<JsonNode> named(JsonNode request, String name) {
        for (JsonNode tool : request.path("tools")) {
            if (tool.path("function").path("name").asText().equals(name)) {
                return Optional.of(tool.path("function"));
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> mentioned(JsonNode request, String question) {
        String lower = question.toLowerCase(Locale.ROOT);
        Words asked = Words.of(question);
        Optional<JsonNode> best = Optional.empty();
        double bestShare = 0;
        for (JsonNode tool : request.path("tools")) {
            JsonNode function = tool.path("function");
            double share = share(function.path("name").asText(), lower, asked);
            if (share >= 0.5 && share > bestShare) {
                best = Optional.of(function);
                bestShare = share;
            }
        }
        return best;
    }

    /** How much of the tool's name the question has: 2 for the name as it is written, else 0 to 1. */
    private static double share(String name, String lowerQuestion, Words asked) {
        String lowerName = name.toLowerCase(Locale.ROOT);
        if (lowerName.matches(".*[_\\-].*") && lowerQuestion.contains(lowerName)) {
            return 2;
        }
        Words words = Words.of(name);
        return words.stems().isEmpty()
                ? 0
                : (double) words.overlap(asked) / words.stems().size();
    }
}
