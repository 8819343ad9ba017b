package ai.robutler.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;

/** JSON answers, to be looked into. */
public final class Json {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Json() {}

    /** The tree of a text that must be JSON. */
    public static JsonNode of(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("not JSON: " + text, notJson);
        }
    }

    /** The tree of an answer's body. */
    public static JsonNode of(HttpResponse<String> answer) {
        return of(answer.body());
    }

    /** The tree of the golden file {@code wire/<name>}. */
    public static JsonNode golden(String name) {
        return of(Wire.read(name));
    }

    /** Every field with its type, such as {@code error.code:STRING}; what is in arrays is not looked at. */
    public static Set<String> shape(JsonNode node) {
        Set<String> shape = new TreeSet<>();
        addShape(node, "", shape);
        return shape;
    }

    private static void addShape(JsonNode node, String at, Set<String> shape) {
        node.properties().forEach(field -> {
            String path = at + "/" + field.getKey();
            shape.add(path + ":" + field.getValue().getNodeType());
            addShape(field.getValue(), path, shape);
        });
    }
}
