package ai.robutler.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Brings the tool calls of a stream into the one form that every client reads: an index always, id, type and name in the
 * first delta of a call only, arguments as text.
 */
final class ToolCallDeltas {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Integer, String> idByIndex = new HashMap<>();
    private final Map<Integer, Integer> indexBySent = new HashMap<>();

    /** Whether the model has called a tool. */
    boolean any() {
        return !idByIndex.isEmpty();
    }

    /** The deltas of one chunk, in order. @throws IOException when the bytes are not JSON */
    byte[] normalise(byte[] json, int from, int to, UsageMeter meter) throws IOException {
        ArrayNode result = JSON.createArrayNode();
        int position = 0;
        for (JsonNode delta : JSON.readTree(json, from, to - from)) {
            result.add(normalise(delta, position, meter));
            position++;
        }
        return JSON.writeValueAsBytes(result);
    }

    private ObjectNode normalise(JsonNode delta, int position, UsageMeter meter) {
        String sentId = delta.path("id").asText("");
        int index = index(delta, position, sentId);
        ObjectNode call = JSON.createObjectNode();
        call.put("index", index);
        boolean begins = !idByIndex.containsKey(index);
        ObjectNode function = JSON.createObjectNode();
        if (begins) {
            String id = sentId.isEmpty() ? newId() : sentId;
            idByIndex.put(index, sentId);
            call.put("id", id);
            call.put("type", "function");
            String name = delta.path("function").path("name").asText("");
            function.put("name", name);
            meter.wrote(name);
        }
        String arguments = text(delta.path("function").path("arguments"));
        meter.wrote(arguments);
        function.put("arguments", arguments);
        call.set("function", function);
        return call;
    }

    /**
     * The call's index. Some providers leave it out, and some give each call the same: these begin each call
     * with an id and a name.
     */
    private int index(JsonNode delta, int position, String sentId) {
        for (Map.Entry<Integer, String> known : idByIndex.entrySet()) {
            if (!sentId.isEmpty() && known.getValue().equals(sentId)) {
                return known.getKey();
            }
        }
        if (!delta.path("index").canConvertToInt()) {
            return sentId.isEmpty() ? position : idByIndex.size();
        }
        int sent = delta.path("index").asInt();
        int index = indexBySent.getOrDefault(sent, sent);
        boolean named = !delta.path("function").path("name").asText("").isEmpty();
        if (named && !sentId.isEmpty() && !idByIndex.getOrDefault(index, "").isEmpty()) {
            index = idByIndex.size();
            indexBySent.put(sent, index);
        }
        return index;
    }

    /** Arguments as text, also when a provider sends them as an object. */
    static String text(JsonNode arguments) {
        return arguments.isContainerNode() ? arguments.toString() : arguments.asText("");
    }

    static String newId() {
        return "call_" + Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    }
}
