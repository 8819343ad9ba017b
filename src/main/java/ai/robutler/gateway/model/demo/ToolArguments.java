package ai.robutler.gateway.model.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * Makes up the arguments of a tool call: every required parameter gets a value that the message has, else the schema's
 * default, else a plain value of its type. Optional parameters are left out.
 *
 * <p>Makes at most 1000 values, eight levels deep. Knows the JSON Schema words that tools use: type, enum, const, default, properties, required, items, minItems,
 * minimum, maximum, minLength, maxLength, format, anyOf, oneOf, allOf (the first), and local {@code $ref}.
 */
final class ToolArguments {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_ITEMS = 16;
    private static final int MAX_VALUES = 1_000;

    private final JsonNode root;
    private final MessageValues values;
    private int valuesLeft = MAX_VALUES;

    private ToolArguments(JsonNode root, MessageValues values) {
        this.root = root;
        this.values = values;
    }

    /** Arguments for a tool with this {@code parameters} schema; an empty object when the schema asks for none. */
    static ObjectNode fill(JsonNode parameters, String message) {
        ToolArguments arguments = new ToolArguments(parameters, new MessageValues(message));
        return arguments.object(arguments.resolved(parameters), 0);
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode filled = JSON.objectNode();
        for (JsonNode required : schema.path("required")) {
            if (valuesLeft <= 0) {
                break;
            }
            String name = required.asText();
            filled.set(name, value(name, schema.path("properties").path(name), depth + 1));
        }
        return filled;
    }

    private JsonNode value(String name, JsonNode written, int depth) {
        if (valuesLeft-- <= 0 || depth > MAX_DEPTH) {
            return JSON.nullNode();
        }
        JsonNode schema = resolved(written);
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.path("enum").isArray() && !schema.path("enum").isEmpty()) {
            return choice(schema);
        }
        String type = type(schema);
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(name, schema, depth);
            case "integer", "number" -> number(schema, type.equals("integer"));
            case "boolean" ->
                values.truth()
                        .<JsonNode>map(JSON::booleanNode)
                        .or(() -> preset(schema))
                        .orElse(JSON.booleanNode(false));
            case "null" -> JSON.nullNode();
            default -> JSON.textNode(text(name, schema));
        };
    }

    private JsonNode choice(JsonNode schema) {
        for (JsonNode choice : schema.path("enum")) {
            if (values.mentions(choice.asText())) {
                return choice;
            }
        }
        return preset(schema).orElse(schema.path("enum").path(0));
    }

    private ArrayNode array(String name, JsonNode schema, int depth) {
        ArrayNode items = JSON.arrayNode();
        int count = Math.min(MAX_ITEMS, Math.max(1, schema.path("minItems").asInt(1)));
        for (int i = 0; i < count && valuesLeft > 0; i++) {
            items.add(value(name, schema.path("items"), depth + 1));
        }
        return items;
    }

    private JsonNode number(JsonNode schema, boolean whole) {
        Optional<JsonNode> preset = preset(schema);
        Optional<BigDecimal> found = values.nextNumber(whole);
        if (found.isEmpty() && preset.isPresent()) {
            return preset.get();
        }
        BigDecimal number = found.orElse(BigDecimal.ZERO);
        JsonNode minimum = schema.path("minimum");
        JsonNode maximum = schema.path("maximum");
        number = isFinite(minimum) ? number.max(minimum.decimalValue()) : number;
        number = isFinite(maximum) ? number.min(maximum.decimalValue()) : number;
        return whole
                ? JSON.numberNode(number.setScale(0, RoundingMode.CEILING).toBigInteger())
                : JSON.numberNode(number);
    }

    private static boolean isFinite(JsonNode number) {
        return number.isNumber() && Double.isFinite(number.doubleValue());
    }

    private String text(String name, JsonNode schema) {
        String format = schema.path("format").asText();
        String text = values.text(name, format)
                .or(() -> preset(schema).map(JsonNode::asText))
                .orElseGet(() -> MessageValues.plainText(format).orElseGet(values::whole));
        int most = Math.max(0, schema.path("maxLength").asInt(Integer.MAX_VALUE));
        int least = Math.min(1_000, schema.path("minLength").asInt(0));
        String padded = text + "-".repeat(Math.max(0, least - text.length()));
        return padded.substring(0, Math.min(most, padded.length()));
    }

    private static Optional<JsonNode> preset(JsonNode schema) {
        return Optional.ofNullable(schema.get("default"));
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        for (JsonNode one : type) {
            if (!one.asText().equals("null")) {
                return one.asText();
            }
        }
        if (type.isTextual()) {
            return type.textValue();
        }
        return schema.has("properties") ? "object" : schema.has("items") ? "array" : "string";
    }

    /** Follows local references and takes the first of several alternatives that is not null. */
    private JsonNode resolved(JsonNode written) {
        JsonNode schema = written;
        for (int hop = 0; hop < MAX_DEPTH; hop++) {
            String reference = schema.path("$ref").asText();
            if (reference.startsWith("#/")) {
                schema = root.at(reference.substring(1));
                continue;
            }
            JsonNode alternative = firstOf(schema);
            if (alternative.isMissingNode()) {
                return schema;
            }
            schema = alternative;
        }
        return schema;
    }

    private static JsonNode firstOf(JsonNode schema) {
        if (schema.has("type") || schema.has("properties")) {
            return JSON.missingNode();
        }
        for (String word : new String[] {"anyOf", "oneOf", "allOf"}) {
            for (JsonNode alternative : schema.path(word)) {
                if (!alternative.path("type").asText().equals("null")) {
                    return alternative;
                }
            }
        }
        return JSON.missingNode();
    }
}
