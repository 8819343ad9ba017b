package ai.robutler.gateway.chat;

import ai.robutler.api.ApiException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Set;

/** What a chat-completions request must be; each violation is a 400 that names its field. */
final class ChatRequestRules {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final int MAX_TOOLS = 128;
    private static final int MAX_STOPS = 4;

    private final int maxMessages;

    ChatRequestRules(int maxMessages) {
        this.maxMessages = maxMessages;
    }

    void check(ObjectNode body) {
        checkMessages(body.get("messages"));
        range(body, "temperature", "0", "2");
        range(body, "top_p", "0", "1");
        range(body, "frequency_penalty", "-2", "2");
        range(body, "presence_penalty", "-2", "2");
        positive(body, "max_tokens");
        positive(body, "max_completion_tokens");
        of(body, "seed", JsonNode::isIntegralNumber, "a whole number");
        of(body, "stream", JsonNode::isBoolean, "true or false");
        of(body, "logprobs", JsonNode::isBoolean, "true or false");
        of(body, "parallel_tool_calls", JsonNode::isBoolean, "true or false");
        of(body, "model", JsonNode::isTextual, "a text");
        of(body, "user", JsonNode::isTextual, "a text");
        of(body, "reasoning_effort", JsonNode::isTextual, "a text");
        of(body, "response_format", JsonNode::isObject, "an object");
        of(body, "stream_options", JsonNode::isObject, "an object");
        of(body, "tool_choice", choice -> choice.isTextual() || choice.isObject(), "a text or an object");
        JsonNode n = body.get("n");
        if (n != null && !(n.isIntegralNumber() && n.canConvertToInt() && n.asInt() == 1)) {
            throw ApiException.inField("n", "n must be 1; ask again for another answer");
        }
        checkStop(body.get("stop"));
        checkTools(body.get("tools"));
    }

    private void checkMessages(JsonNode messages) {
        if (messages == null || !messages.isArray() || messages.isEmpty()) {
            throw ApiException.inField("messages", "messages must be a list with at least one message");
        }
        if (messages.size() > maxMessages) {
            throw ApiException.inField("messages", "messages must be at most " + maxMessages);
        }
        for (int i = 0; i < messages.size(); i++) {
            checkMessage(messages.get(i), "messages[" + i + "]");
        }
    }

    private static void checkMessage(JsonNode message, String at) {
        if (!message.isObject()) {
            throw ApiException.inField(at, at + " must be an object");
        }
        String role = message.path("role").isTextual() ? message.path("role").asText() : "";
        if (!ROLES.contains(role)) {
            throw ApiException.inField(
                    at + ".role", at + ".role must be one of system, developer, user, assistant, tool");
        }
        checkContent(message.get("content"), at + ".content", role);
        optionalText(message, "name", at);
        optionalText(message, "tool_call_id", at);
        if (role.equals("tool") && !message.path("tool_call_id").isTextual()) {
            throw ApiException.inField(at + ".tool_call_id", at + ".tool_call_id must name the call that was answered");
        }
        JsonNode calls = message.get("tool_calls");
        if (calls != null && !calls.isNull()) {
            checkToolCalls(calls, at + ".tool_calls");
        }
    }

    private static void checkContent(JsonNode content, String at, String role) {
        if (content == null || content.isNull()) {
            if (!role.equals("assistant")) {
                throw ApiException.inField(at, at + " must be a text or a list of parts");
            }
            return;
        }
        if (content.isTextual()) {
            return;
        }
        if (!content.isArray()) {
            throw ApiException.inField(at, at + " must be a text or a list of parts");
        }
        for (int i = 0; i < content.size(); i++) {
            String part = at + "[" + i + "]";
            if (!content.get(i).isObject() || !content.get(i).path("type").isTextual()) {
                throw ApiException.inField(part + ".type", part + " must be an object with a type");
            }
            if (content.get(i).path("type").asText().equals("text")
                    && !content.get(i).path("text").isTextual()) {
                throw ApiException.inField(part + ".text", part + ".text must be a text");
            }
        }
    }

    private static void checkToolCalls(JsonNode calls, String at) {
        if (!calls.isArray()) {
            throw ApiException.inField(at, at + " must be a list");
        }
        for (int i = 0; i < calls.size(); i++) {
            JsonNode call = calls.get(i);
            String which = at + "[" + i + "]";
            if (!call.path("id").isTextual()) {
                throw ApiException.inField(which + ".id", which + ".id must be a text");
            }
            if (call.path("type").asText("function").equals("function")
                    && !call.path("function").path("name").isTextual()) {
                throw ApiException.inField(which + ".function.name", which + ".function.name must be a text");
            }
        }
    }

    private static void checkTools(JsonNode tools) {
        if (tools == null) {
            return;
        }
        if (!tools.isArray() || tools.size() > MAX_TOOLS) {
            throw ApiException.inField("tools", "tools must be a list of at most " + MAX_TOOLS);
        }
        for (int i = 0; i < tools.size(); i++) {
            JsonNode tool = tools.get(i);
            String at = "tools[" + i + "]";
            if (!tool.isObject() || !tool.path("type").isTextual()) {
                throw ApiException.inField(at + ".type", at + " must be an object with a type");
            }
            if (tool.path("type").asText().equals("function")
                    && !tool.path("function").path("name").isTextual()) {
                throw ApiException.inField(at + ".function.name", at + ".function.name must be a text");
            }
        }
    }

    private static void checkStop(JsonNode stop) {
        if (stop == null || stop.isTextual()) {
            return;
        }
        boolean texts = stop.isArray() && !stop.isEmpty() && stop.size() <= MAX_STOPS;
        for (JsonNode entry : stop) {
            texts = texts && entry.isTextual();
        }
        if (!texts) {
            throw ApiException.inField("stop", "stop must be a text or a list of 1 to " + MAX_STOPS + " texts");
        }
    }

    private static void optionalText(JsonNode message, String field, String at) {
        JsonNode value = message.get(field);
        if (value != null && !value.isNull() && !value.isTextual()) {
            throw ApiException.inField(at + "." + field, at + "." + field + " must be a text");
        }
    }

    private static void range(ObjectNode body, String field, String least, String most) {
        JsonNode value = body.get(field);
        if (value == null) {
            return;
        }
        if (!value.isNumber()
                || value.decimalValue().compareTo(new BigDecimal(least)) < 0
                || value.decimalValue().compareTo(new BigDecimal(most)) > 0) {
            throw ApiException.inField(field, field + " must be a number from " + least + " to " + most);
        }
    }

    private static void positive(ObjectNode body, String field) {
        JsonNode value = body.get(field);
        if (value != null && !(value.isIntegralNumber() && value.canConvertToLong() && value.asLong() > 0)) {
            throw ApiException.inField(field, field + " must be a whole number more than 0");
        }
    }

    private static void of(ObjectNode body, String field, java.util.function.Predicate<JsonNode> rule, String what) {
        JsonNode value = body.get(field);
        if (value != null && !rule.test(value)) {
            throw ApiException.inField(field, field + " must be " + what);
        }
    }
}
