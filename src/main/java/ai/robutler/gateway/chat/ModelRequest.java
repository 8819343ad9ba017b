package ai.robutler.gateway.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is sent to the model: the caller's request under the agent's instructions. */
public final class ModelRequest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelRequest() {}

    /**
     * The request for a model. Everything that we do not know passes as it is.
     *
     * @param instructions the agent's; they come first in the one system message
     * @param model the name that the provider knows
     */
    public static ObjectNode of(ChatRequest request, String instructions, String model) {
        ObjectNode body = JSON.createObjectNode();
        body.setAll(request.body());
        body.put("model", model);
        body.set("messages", messages(request.messages(), instructions));
        if (request.stream()) {
            ObjectNode options = JSON.createObjectNode();
            if (request.body().get("stream_options") instanceof ObjectNode sent) {
                options.setAll(sent);
            }
            options.put("include_usage", true);
            body.set("stream_options", options);
        } else {
            body.remove("stream_options");
        }
        return body;
    }

    /** The request as UTF-8 JSON. */
    public static byte[] bytes(ObjectNode request) {
        try {
            return JSON.writeValueAsBytes(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request that was read can be written", e);
        }
    }

    private static ArrayNode messages(JsonNode sent, String instructions) {
        StringBuilder system = new StringBuilder(instructions.strip());
        ArrayNode rest = JSON.createArrayNode();
        for (JsonNode message : sent) {
            String role = message.path("role").asText();
            if (role.equals("system") || role.equals("developer")) {
                append(system, text(message.path("content")));
            } else {
                rest.add(message);
            }
        }
        if (system.isEmpty()) {
            return rest;
        }
        ArrayNode all = JSON.createArrayNode();
        all.addObject().put("role", "system").put("content", system.toString());
        return all.addAll(rest);
    }

    private static void append(StringBuilder system, String text) {
        if (text.isBlank()) {
            return;
        }
        if (!system.isEmpty()) {
            system.append("\n\n");
        }
        system.append(text);
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        StringBuilder all = new StringBuilder();
        for (JsonNode part : content) {
            append(all, part.path("text").asText(""));
        }
        return all.toString();
    }
}
