package ai.robutler.gateway.model;

import ai.robutler.api.openai.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns a provider's whole answer into ours: the shape that every official client reads, and usage always. */
final class ChatCompletions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChatCompletions() {}

    /**
     * An answer as it is written.
     *
     * @param body the chat completion
     * @param usage what it took
     * @param finishReason why it ended
     */
    record Written(ObjectNode body, Usage usage, String finishReason) {}

    /**
     * The answer under our head.
     *
     * @param meter fresh; it is told what the answer holds
     */
    static Written write(ObjectNode completion, AnswerHead head, UsageMeter meter) {
        JsonNode sent = completion.path("choices").path(0);
        JsonNode sentMessage = sent.path("message");
        ObjectNode message = JSON.createObjectNode();
        message.put("role", "assistant");
        if (sentMessage instanceof ObjectNode fields) {
            message.setAll(fields);
        }
        message.put("role", "assistant");
        ArrayNode calls = toolCalls(message.path("tool_calls"), meter);
        message.remove("tool_calls");
        content(message, !calls.isEmpty(), meter);
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        String finish = FinishReason.known(sent.path("finish_reason").asText(""), !calls.isEmpty());

        ObjectNode choice = JSON.createObjectNode();
        choice.put("index", 0);
        choice.set("message", message);
        if (sent instanceof ObjectNode fields) {
            choice.setAll((ObjectNode) fields.deepCopy().without(List.of("index", "message", "finish_reason")));
        }
        choice.put("finish_reason", finish);

        ObjectNode body = JSON.createObjectNode();
        body.put("id", head.id());
        body.put("object", "chat.completion");
        body.put("created", head.created());
        body.put("model", head.model());
        body.putArray("choices").add(choice);
        meter.told(completion.path("usage"));
        completion.properties().forEach(field -> body.putIfAbsent(field.getKey(), field.getValue()));
        body.set("usage", meter.node());
        return new Written(body, meter.usage(), finish);
    }

    /** The same as the events of a stream, for a provider that answered a stream's request with JSON. */
    static void asChunks(ObjectNode completion, ChunkRewriter rewriter, ByteSink out) {
        JsonNode sent = completion.path("choices").path(0);
        ObjectNode chunk = JSON.createObjectNode();
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.set("delta", sent.path("message"));
        boolean calls = !sent.path("message").path("tool_calls").isEmpty();
        choice.put(
                "finish_reason", FinishReason.known(sent.path("finish_reason").asText(""), calls));
        if (completion.get("usage") != null) {
            chunk.set("usage", completion.get("usage"));
        }
        byte[] json = chunk.toString().getBytes(StandardCharsets.UTF_8);
        rewriter.event(json, 0, json.length, out);
    }

    private static void content(ObjectNode message, boolean calls, UsageMeter meter) {
        JsonNode content = message.path("content");
        if (content.isArray()) {
            message.put("content", text(content));
        } else if (!content.isTextual()) {
            if (calls) {
                message.putNull("content");
            } else {
                message.put("content", "");
            }
        }
        meter.wrote(message.path("content").asText(""));
        meter.wrote(message.path("reasoning_content").asText(""));
    }

    /** The text of content that comes in parts. */
    static String text(JsonNode parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    private static ArrayNode toolCalls(JsonNode sent, UsageMeter meter) {
        ArrayNode calls = JSON.createArrayNode();
        for (JsonNode call : sent) {
            ObjectNode written = calls.addObject();
            String id = call.path("id").asText("");
            written.put("id", id.isEmpty() ? ToolCallDeltas.newId() : id);
            written.put("type", "function");
            ObjectNode function = written.putObject("function");
            function.put("name", call.path("function").path("name").asText(""));
            function.put("arguments", ToolCallDeltas.text(call.path("function").path("arguments")));
            meter.wrote(function.path("name").asText());
            meter.wrote(function.path("arguments").asText());
        }
        return calls;
    }
}
