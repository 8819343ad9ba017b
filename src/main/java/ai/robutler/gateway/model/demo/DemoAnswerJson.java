package ai.robutler.gateway.model.demo;

import ai.robutler.api.ApiException;
import ai.robutler.api.openai.Usage;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one answer of the demo model in OpenAI's shapes.
 *
 * @param id the answer's id, {@code chatcmpl-…}
 * @param callId the id of its tool call, {@code call_…}, if it has one
 * @param createdSeconds when it was made, in seconds since 1970
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">OpenAI: the chat completion object</a>
 */
record DemoAnswerJson(String id, String callId, long createdSeconds) {
    /** The one model's name. */
    static final String MODEL = "demo";

    private static final String FINGERPRINT = "no-language-model";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The answer as one object. */
    ObjectNode whole(DemoReply reply) {
        ObjectNode message = JSON.objectNode().put("role", "assistant");
        if (reply instanceof DemoReply.ToolCall call) {
            message.putNull("content");
            ObjectNode written = message.putArray("tool_calls").addObject();
            written.put("id", callId).put("type", "function");
            written.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        } else if (reply instanceof DemoReply.Text text) {
            message.put("content", text.content());
        }
        message.putNull("refusal");
        ObjectNode answer = head("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.set("message", message);
        choice.putNull("logprobs").put("finish_reason", reply.finishReason());
        answer.set("usage", usage(reply.usage()));
        return answer;
    }

    /** The answer as the chunks of a stream, in order, without the closing {@code [DONE]}. */
    List<ObjectNode> chunks(DemoReply reply, boolean includeUsage) {
        List<ObjectNode> deltas = deltas(reply);
        List<ObjectNode> chunks = new ArrayList<>();
        for (int i = 0; i < deltas.size(); i++) {
            ObjectNode chunk = head("chat.completion.chunk");
            ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
            choice.set("delta", deltas.get(i));
            choice.putNull("logprobs").put("finish_reason", i + 1 < deltas.size() ? null : reply.finishReason());
            if (includeUsage) {
                chunk.putNull("usage");
            }
            chunks.add(chunk);
        }
        if (includeUsage) {
            ObjectNode last = head("chat.completion.chunk");
            last.putArray("choices");
            last.set("usage", usage(reply.usage()));
            chunks.add(last);
        }
        return chunks;
    }

    /** The list of models: the demo alone, marked as our own so that no gateway takes it for a language model. */
    static ObjectNode models(long createdSeconds) {
        ObjectNode list = JSON.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        data.addObject()
                .put("id", MODEL)
                .put("object", "model")
                .put("created", createdSeconds)
                .put("owned_by", "robutler");
        return list;
    }

    /** An error's body. */
    static ObjectNode error(ApiException failure) {
        ObjectNode body = JSON.objectNode();
        body.putObject("error")
                .put("message", failure.message())
                .put("type", failure.code().type())
                .put("param", failure.param())
                .put("code", failure.code().code());
        return body;
    }

    private List<ObjectNode> deltas(DemoReply reply) {
        List<ObjectNode> deltas = new ArrayList<>();
        ObjectNode role = JSON.objectNode().put("role", "assistant");
        deltas.add(role);
        if (reply instanceof DemoReply.Text text) {
            role.put("content", "");
            text.pieces().forEach(piece -> deltas.add(JSON.objectNode().put("content", piece)));
        } else if (reply instanceof DemoReply.ToolCall call) {
            role.putNull("content");
            ObjectNode start = JSON.objectNode();
            ObjectNode started = start.putArray("tool_calls").addObject().put("index", 0);
            started.put("id", callId).put("type", "function");
            started.putObject("function").put("name", call.name()).put("arguments", "");
            deltas.add(start);
            ObjectNode rest = JSON.objectNode();
            ObjectNode continued = rest.putArray("tool_calls").addObject().put("index", 0);
            continued.putObject("function").put("arguments", call.arguments());
            deltas.add(rest);
        }
        deltas.add(JSON.objectNode());
        return deltas;
    }

    private ObjectNode head(String object) {
        return JSON.objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", createdSeconds)
                .put("model", MODEL)
                .put("system_fingerprint", FINGERPRINT);
    }

    private static ObjectNode usage(Usage usage) {
        return JSON.objectNode()
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.totalTokens());
    }
}
