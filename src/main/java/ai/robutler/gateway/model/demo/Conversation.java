package ai.robutler.gateway.model.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo model reads of a request's messages.
 *
 * @param instructions the text of all system and developer messages, a line break between two
 * @param question the text of the last user message, at most 65 536 characters of it; empty when there is none
 * @param toolResults the tool messages at the very end, in order; empty when the last message is another
 */
record Conversation(String instructions, String question, List<ToolResult> toolResults) {

    private static final int MAX_QUESTION_CHARS = 65_536;

    /**
     * What one tool gave.
     *
     * @param tool the tool's name; empty when the request does not tell
     * @param text the result
     */
    record ToolResult(String tool, String text) {}

    Conversation {
        toolResults = List.copyOf(toolResults);
    }

    static Conversation of(JsonNode messages) {
        List<String> instructions = new ArrayList<>();
        String question = "";
        List<ToolResult> results = new ArrayList<>();
        Map<String, String> toolsByCall = new HashMap<>();
        for (JsonNode message : messages) {
            String role = message.path("role").asText();
            String text = text(message.path("content"));
            for (JsonNode call : message.path("tool_calls")) {
                toolsByCall.put(
                        call.path("id").asText(),
                        call.path("function").path("name").asText());
            }
            if (!role.equals("tool")) {
                results.clear();
            }
            switch (role) {
                case "system", "developer" -> instructions.add(text);
                case "user" -> question = Passages.shortened(text, MAX_QUESTION_CHARS);
                case "tool" -> results.add(new ToolResult(toolName(message, toolsByCall), text));
                default -> {}
            }
        }
        return new Conversation(String.join("\n", instructions), question, results);
    }

    private static String toolName(JsonNode result, Map<String, String> toolsByCall) {
        String called = toolsByCall.get(result.path("tool_call_id").asText());
        return called == null ? result.path("name").asText() : called;
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.path("text").isTextual()) {
                parts.add(part.path("text").textValue());
            }
        }
        return String.join("\n", parts);
    }
}
