package ai.robutler.support;

import ai.robutler.gateway.operations.OpenApi;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An OpenAPI 3.1 document: finds operations, follows references, validates values. Can be shared by threads. */
final class OpenApiDocument {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode root;
    private final OpenApiPaths paths;
    private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

    OpenApiDocument(JsonNode root) {
        this.root = root;
        JsonNode agent = root.at("/components/parameters/Agent/schema");
        this.paths = new OpenApiPaths(
                root.path("paths"), name -> validate(agent, name, "agent").isEmpty());
    }

    /** The one that the server ships. */
    static OpenApiDocument shipped() {
        return new OpenApiDocument(OpenApi.document());
    }

    /** The JSON value of a text; a missing node when it is none. A name given twice is no JSON here. */
    static JsonNode readOrMissing(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The whole document. */
    JsonNode root() {
        return root;
    }

    /** The responses of a path's operation by status; those of {@code x-unrouted} when there is no operation. */
    JsonNode responses(String method, String path) {
        JsonNode operation =
                root.path("paths").path(paths.templateOf(path).orElse("none")).path(method.toLowerCase(Locale.ROOT));
        return operation.isMissingNode() ? root.at("/x-unrouted/responses") : operation.path("responses");
    }

    /** The node itself, or what its {@code $ref} says. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(node.path("$ref").asText()) : node;
    }

    /** What a reference such as {@code #/components/schemas/Error} says; a missing node when nothing is there. */
    JsonNode resolve(String reference) {
        if (!reference.startsWith("#/")) {
            throw new IllegalArgumentException("not a reference within the document: " + reference);
        }
        return root.at(reference.substring(1));
    }

    /**
     * Validates a value.
     *
     * @param what the value's name in the messages
     * @return one message for each difference; empty when there is none
     */
    List<String> validate(JsonNode schema, JsonNode value, String what) {
        return schemas.computeIfAbsent(schema, this::compile).validate(value).stream()
                .map(message -> what + " " + message.getMessage())
                .sorted()
                .toList();
    }

    /** The schema with the document's components beside it, so that its references find them. */
    private JsonSchema compile(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            throw new IllegalArgumentException("openapi.json has no such schema");
        }
        ObjectNode whole = object.deepCopy();
        whole.set("components", root.path("components"));
        return SCHEMAS.getSchema(whole);
    }
}
