package ai.robutler.gateway.model.demo;

import ai.robutler.api.ApiException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The fields of a chat completion request that the demo model understands, and their checks. */
final class DemoRequest {
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool");
    private static final Set<String> CHOICES = Set.of("none", "auto", "required");

    private DemoRequest() {}

    /**
     * Lets a well-formed request pass. Explicit nulls count as absent, unknown fields are not looked at.
     *
     * @throws ApiException a 400 that names the field at fault
     */
    static void check(JsonNode request) {
        require(request.isObject(), "body", "must be a JSON object");
        JsonNode messages = request.path("messages");
        require(messages.isArray() && !messages.isEmpty(), "messages", "must be a list with one entry or more");
        for (int i = 0; i < messages.size(); i++) {
            checkMessage(messages.path(i), "messages[" + i + "]");
        }
        checkTools(request);
        for (String field : new String[] {"max_tokens", "max_completion_tokens"}) {
            JsonNode limit = request.path(field);
            require(
                    absent(limit) || (limit.isIntegralNumber() && limit.asLong() > 0),
                    field,
                    "must be a whole number > 0");
        }
        JsonNode n = request.path("n");
        require(absent(n) || (n.isIntegralNumber() && n.asLong() == 1), "n", "only one answer a request is given");
        JsonNode stream = request.path("stream");
        require(absent(stream) || stream.isBoolean(), "stream", "must be true or false");
        checkStop(request.path("stop"));
    }

    /** Whether the answer is to be streamed. */
    static boolean isStream(JsonNode request) {
        return request.path("stream").asBoolean();
    }

    /** Whether a stream ends with a chunk that carries the usage. */
    static boolean includesUsage(JsonNode request) {
        return request.path("stream_options").path("include_usage").asBoolean();
    }

    /** The most tokens that the answer may have; {@code Long.MAX_VALUE} when the request sets no limit. */
    static long maxTokens(JsonNode request) {
        JsonNode newer = request.path("max_completion_tokens");
        JsonNode limit = absent(newer) ? request.path("max_tokens") : newer;
        return absent(limit) ? Long.MAX_VALUE : limit.asLong();
    }

    /** A text, or a list of them, as a list; empty when absent. */
    static List<String> texts(JsonNode oneOrMany) {
        List<String> texts = new ArrayList<>();
        if (oneOrMany.isTextual()) {
            texts.add(oneOrMany.textValue());
        }
        for (JsonNode one : oneOrMany) {
            texts.add(one.asText());
        }
        return texts;
    }

    private static void checkMessage(JsonNode message, String at) {
        require(message.isObject(), at, "must be an object");
        require(ROLES.contains(message.path("role").asText()), at + ".role", "must be one of " + ROLES);
        JsonNode content = message.path("content");
        require(
                absent(content) || content.isTextual() || content.isArray(),
                at + ".content",
                "must be a text, a list of parts or null");
    }

    private static void checkTools(JsonNode request) {
        JsonNode tools = request.path("tools");
        require(absent(tools) || tools.isArray(), "tools", "must be a list");
        for (int i = 0; i < tools.size(); i++) {
            JsonNode name = tools.path(i).path("function").path("name");
            require(
                    name.isTextual() && !name.textValue().isEmpty(),
                    "tools[" + i + "].function.name",
                    "must be a text");
        }
        JsonNode choice = request.path("tool_choice");
        boolean named = choice.isObject()
                && DeclaredTools.named(
                                request, choice.path("function").path("name").asText())
                        .isPresent();
        boolean word = choice.isTextual() && CHOICES.contains(choice.textValue());
        boolean needsTools = word && choice.textValue().equals("required") && tools.isEmpty();
        require(
                (absent(choice) || named || word) && !needsTools,
                "tool_choice",
                "must be none, auto, required, or name one of the tools");
    }

    private static void checkStop(JsonNode stop) {
        boolean valid = absent(stop) || stop.isTextual() || (stop.isArray() && stop.size() <= 4);
        for (JsonNode sequence : stop) {
            valid &= sequence.isTextual();
        }
        require(valid, "stop", "must be a text or a list of up to 4");
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static void require(boolean holds, String field, String message) {
        if (!holds) {
            throw ApiException.inField(field, field + ": " + message);
        }
    }
}
