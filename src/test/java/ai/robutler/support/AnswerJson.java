package ai.robutler.support;

import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.ToolCall;
import ai.robutler.support.FakeModelServer.UsagePlace;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The JSON of the fake model's answers: one whole, or one for each event of a stream. */
final class AnswerJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long CREATED = 1_700_000_000L;

    private final Behaviour behaviour;
    private final boolean usageAsked;
    private int chunk;

    AnswerJson(Behaviour behaviour, boolean usageAsked) {
        this.behaviour = behaviour;
        this.usageAsked = usageAsked;
    }

    static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** What goes with a status that is not 200. */
    static ObjectNode error(int status) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error")
                .put("message", "Upstream says " + status)
                .put("type", status < 500 ? "invalid_request_error" : "server_error")
                .putNull("param")
                .putNull("code");
        return answer;
    }

    ObjectNode whole() {
        ObjectNode answer = top("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", silent() ? null : behaviour.content()).putNull("refusal");
        if (!behaviour.toolCalls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            behaviour.toolCalls().forEach(call -> call(calls.addObject(), call, call.arguments()));
        }
        message.setAll(read(behaviour.messageExtra()));
        choice.putNull("logprobs").put("finish_reason", behaviour.finishReason());
        if (behaviour.usagePlace() != UsagePlace.NEVER) {
            answer.set("usage", read(behaviour.usage()));
        }
        return answer;
    }

    /** The events of a stream, made when their turn comes. */
    List<Supplier<ObjectNode>> events() {
        List<Supplier<ObjectNode>> events = new ArrayList<>();
        if (!behaviour.roleInEveryChunk()) {
            events.add(this::role);
        }
        List<String> texts = behaviour.chunks();
        boolean lastInFinish = behaviour.contentInFinish() && behaviour.finishReason() != null && !texts.isEmpty();
        int alone = lastInFinish ? texts.size() - 1 : texts.size();
        texts.subList(0, alone).forEach(text -> events.add(() -> chunk(content(text), null)));
        for (int i = 0; i < behaviour.toolCalls().size(); i++) {
            toolDeltas(i).forEach(delta -> events.add(() -> chunk(delta, null)));
        }
        String reason = behaviour.finishReason();
        if (reason != null) {
            events.add(() -> chunk(lastInFinish ? content(texts.get(alone)) : delta(), reason));
        }
        if (behaviour.usagePlace() == UsagePlace.EXTRA_CHUNK || askedFor()) {
            events.add(this::usageChunk);
        }
        return events;
    }

    private boolean silent() {
        return behaviour.chunks().isEmpty() && !behaviour.toolCalls().isEmpty();
    }

    private boolean askedFor() {
        return behaviour.usagePlace() == UsagePlace.WHEN_ASKED && usageAsked;
    }

    private ObjectNode role() {
        ObjectNode delta = delta().put("role", "assistant");
        return chunk(silent() ? delta.putNull("content") : delta.put("content", ""), null);
    }

    private ObjectNode delta() {
        ObjectNode delta = JSON.createObjectNode();
        return behaviour.roleInEveryChunk() ? delta.put("role", "assistant") : delta;
    }

    private ObjectNode content(String text) {
        ObjectNode delta = delta().put("content", text);
        delta.setAll(read(behaviour.messageExtra()));
        return delta;
    }

    private List<ObjectNode> toolDeltas(int index) {
        ToolCall call = behaviour.toolCalls().get(index);
        String arguments = call.arguments();
        int step = behaviour.toolFragment();
        List<ObjectNode> deltas = new ArrayList<>();
        deltas.add(delta());
        call(toolCall(deltas.get(0), index), call, step == 0 ? arguments : "");
        for (int at = 0; step > 0 && at < arguments.length(); at += step) {
            String fragment = arguments.substring(at, Math.min(arguments.length(), at + step));
            ObjectNode delta = delta();
            toolCall(delta, index).putObject("function").put("arguments", fragment);
            deltas.add(delta);
        }
        return deltas;
    }

    private static ObjectNode toolCall(ObjectNode delta, int index) {
        return delta.putArray("tool_calls").addObject().put("index", index);
    }

    private static void call(ObjectNode node, ToolCall call, String arguments) {
        node.put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String finishReason) {
        ObjectNode chunk = top("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finishReason);
        UsagePlace place = behaviour.usagePlace();
        if (place == UsagePlace.EVERY_CHUNK || (place == UsagePlace.FINISH_CHUNK && finishReason != null)) {
            chunk.set("usage", read(behaviour.usage()));
        } else if (askedFor()) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode usageChunk() {
        ObjectNode chunk = top("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", read(behaviour.usage()));
        return chunk;
    }

    private ObjectNode top(String object) {
        ObjectNode top = JSON.createObjectNode()
                .put("id", behaviour.id().replace("%d", Integer.toString(chunk++)))
                .put("object", object)
                .put("created", CREATED)
                .put("model", behaviour.model());
        top.setAll(read(behaviour.chunkExtra()));
        return top;
    }
}
