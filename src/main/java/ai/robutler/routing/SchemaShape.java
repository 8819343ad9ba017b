package ai.robutler.routing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a place in a file may hold, by a JSON schema: all of its alternatives together. */
final class SchemaShape {
    private static final String REFERENCE = "#/items/definitions/";

    private final JsonNode schema;
    private final Map<String, List<JsonNode>> fields = new LinkedHashMap<>();
    private final List<JsonNode> entries = new ArrayList<>();

    private SchemaShape(JsonNode schema) {
        this.schema = schema;
    }

    /** The shape of a part of the schema. */
    static SchemaShape of(JsonNode part, JsonNode schema) {
        return of(List.of(part), schema);
    }

    private static SchemaShape of(List<JsonNode> parts, JsonNode schema) {
        SchemaShape shape = new SchemaShape(schema);
        parts.forEach(shape::add);
        return shape;
    }

    private void add(JsonNode part) {
        String reference = part.path("$ref").asText();
        if (reference.startsWith(REFERENCE)) {
            add(schema.at("/items/definitions").path(reference.substring(REFERENCE.length())));
        }
        part.path("oneOf").forEach(this::add);
        part.path("anyOf").forEach(this::add);
        part.path("allOf").forEach(this::add);
        part.path("properties")
                .properties()
                .forEach(field -> fields.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                        .add(field.getValue()));
        if (part.path("items").isObject()) {
            entries.add(part.path("items"));
        }
    }

    /** Whether it is known which fields there may be. */
    boolean isMap() {
        return !fields.isEmpty();
    }

    /** Whether it may be a list. */
    boolean isList() {
        return !entries.isEmpty();
    }

    /** The shape of a list's entries. */
    SchemaShape entries() {
        return of(entries, schema);
    }

    /** The shape of a field's value; empty when there is no such field. */
    Optional<SchemaShape> field(String name) {
        return Optional.ofNullable(fields.get(name)).map(parts -> of(parts, schema));
    }

    /** The fields that there may be. */
    Set<String> names() {
        return fields.keySet();
    }
}
