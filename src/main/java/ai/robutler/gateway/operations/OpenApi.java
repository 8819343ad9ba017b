package ai.robutler.gateway.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server's description (OpenAPI 3.1): {@code openapi.json}, and the portal's parts in {@code openapi/}. A part's
 * operations leave out what all of them share: the headers of every answer, and the errors that need no more than a number in
 * {@code x-errors}.
 */
public final class OpenApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PARTS =
            List.of("portal", "admin", "users", "keys", "agents", "intents", "content");
    private static final List<Integer> ALWAYS = List.of(401, 429, 431, 500, 503);
    private static final Map<Integer, String> CODES = new TreeMap<>(Map.ofEntries(
            Map.entry(400, "invalid_request"),
            Map.entry(401, "unauthorized"),
            Map.entry(402, "insufficient_credits"),
            Map.entry(403, "forbidden"),
            Map.entry(404, "not_found"),
            Map.entry(408, "request_timeout"),
            Map.entry(409, "conflict"),
            Map.entry(410, "expired"),
            Map.entry(413, "request_too_large"),
            Map.entry(415, "unsupported_media_type"),
            Map.entry(416, "range_not_satisfiable"),
            Map.entry(429, "too_many_requests"),
            Map.entry(431, "request_too_large"),
            Map.entry(500, "internal_error"),
            Map.entry(503, "unavailable")));

    private OpenApi() {}

    /** The whole document. */
    public static ObjectNode document() {
        ObjectNode document = read("openapi.json");
        JsonNode headers = document.at("/paths/~1agents/get/responses/200/headers");
        for (String part : PARTS) {
            add(document, read("openapi/" + part + ".json"), headers);
        }
        return document;
    }

    private static void add(ObjectNode document, ObjectNode part, JsonNode headers) {
        ((ArrayNode) document.path("tags")).addAll(part.withArray("tags"));
        part.path("components")
                .properties()
                .forEach(kind -> ((ObjectNode) document.path("components"))
                        .withObjectProperty(kind.getKey())
                        .setAll((ObjectNode) kind.getValue()));
        part.path("paths").properties().forEach(path -> {
            for (JsonNode operation : path.getValue()) {
                if (operation instanceof ObjectNode object && object.has("responses")) {
                    complete(object, headers, document.withObject("/components/responses"));
                }
            }
            document.withObject("/paths").set(path.getKey(), path.getValue());
        });
    }

    private static void complete(ObjectNode operation, JsonNode headers, ObjectNode shared) {
        ObjectNode responses = operation.withObjectProperty("responses");
        for (JsonNode response : responses) {
            ObjectNode own = ((ObjectNode) response).withObjectProperty("headers");
            headers.properties().forEach(header -> own.set(header.getKey(), header.getValue()));
        }
        TreeMap<Integer, String> errors = new TreeMap<>();
        ALWAYS.forEach(status -> errors.put(status, ""));
        operation.path("x-errors").forEach(status -> errors.put(status.asInt(), ""));
        operation.remove("x-errors");
        for (int status : errors.keySet()) {
            shared.set("Portal" + status, error(status, headers));
            responses.putObject(String.valueOf(status)).put("$ref", "#/components/responses/Portal" + status);
        }
    }

    private static ObjectNode error(int status, JsonNode headers) {
        ObjectNode response = JSON.createObjectNode();
        String code = CODES.get(status);
        response.put("description", String.valueOf(code).replace('_', ' '));
        response.set("headers", headers.deepCopy());
        ObjectNode schema = response.withObject("/content/application~1json/schema");
        schema.put("$ref", "#/components/schemas/PortalError");
        schema.withObject("/properties/code").put("const", code);
        schema.withObject("/properties/status").put("const", status);
        return response;
    }

    private static ObjectNode read(String name) {
        try (InputStream document = OpenApi.class.getResourceAsStream("/ai/robutler/" + name)) {
            if (document == null) {
                throw new IllegalStateException("the build left out " + name);
            }
            return (ObjectNode) JSON.readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
