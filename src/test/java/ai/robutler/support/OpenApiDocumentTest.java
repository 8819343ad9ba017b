package ai.robutler.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ai.robutler.api.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The document itself is whole: references, names, and the error table. */
class OpenApiDocumentTest {
    private static final Set<ErrorCode> PORTALS_OWN = EnumSet.of(
            ErrorCode.CONFLICT, ErrorCode.EXPIRED, ErrorCode.INSUFFICIENT_CREDITS, ErrorCode.RANGE_NOT_SATISFIABLE);
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.shipped();

    @Test
    void document_hasNoDanglingReference() {
        List<JsonNode> references = DOCUMENT.root().findValues("$ref");

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                DOCUMENT.resolve(reference.asText()).isMissingNode())
                        .as(reference.asText())
                        .isFalse());
    }

    @Test
    void document_usesEveryComponent() {
        List<String> references = DOCUMENT.root().findValues("$ref").stream()
                .map(JsonNode::asText)
                .toList();

        for (String kind : List.of("schemas", "responses", "parameters", "requestBodies")) {
            DOCUMENT.root()
                    .path("components")
                    .path(kind)
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(references).contains("#/components/" + kind + "/" + name));
        }
    }

    @Test
    void document_tellsWhatEachOperationIs() {
        List<String> ids = new ArrayList<>();
        operations().forEach(operation -> {
            ids.add(operation.path("operationId").asText());
            assertThat(operation.path("summary").asText()).as("%s", ids).isNotBlank();
            assertThat(operation.path("tags")).as("%s", ids).hasSize(1);
            assertThat(operation.path("responses").has("200")).as("%s", ids).isTrue();
        });

        assertThat(ids).hasSizeGreaterThan(20).doesNotHaveDuplicates().doesNotContain("");
    }

    @Test
    void document_namesTheRequestOnEveryResponse() {
        operations()
                .forEach(operation -> operation
                        .path("responses")
                        .forEach(response -> assertThat(DOCUMENT.resolve(response)
                                        .path("headers")
                                        .path("X-Request-ID"))
                                .as("%s", operation.path("operationId"))
                                .isEqualTo(DOCUMENT.root().at("/paths/~1/get/responses/200/headers/X-Request-ID"))));
    }

    @Test
    void document_hasTheSchemasOfItsBodies() {
        DOCUMENT.root()
                .findValues("schema")
                .forEach(schema -> assertThatCode(() -> DOCUMENT.validate(schema, schema, "anything"))
                        .doesNotThrowAnyException());
    }

    @Test
    void document_hasValidSchemas() {
        JsonSchema metaSchema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of(SchemaId.V202012));

        assertThat(DOCUMENT.root().at("/components/schemas"))
                .isNotEmpty()
                .allSatisfy(schema -> assertThat(metaSchema.validate(schema)).isEmpty());
    }

    @Test
    void document_hasTheErrorsOfTheErrorTable() {
        Set<String> described = new TreeSet<>();
        for (JsonNode operation : operations()) {
            describeErrors(operation.path("responses"), described);
        }
        describeErrors(DOCUMENT.root().at("/x-unrouted/responses"), described);

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .filter(code -> !PORTALS_OWN.contains(code))
                        .map(code -> code.status() + " " + code.type() + " " + code.code())
                        .toList());
    }

    private static void describeErrors(JsonNode responses, Set<String> described) {
        responses.properties().forEach(entry -> {
            JsonNode error = DOCUMENT.resolve(entry.getValue())
                    .at("/content/application~1json/schema/properties/error/properties");
            error.path("code")
                    .path("enum")
                    .forEach(code -> described.add(
                            entry.getKey() + " " + error.at("/type/const").asText() + " " + code.asText()));
        });
    }

    private static List<JsonNode> operations() {
        List<JsonNode> operations = new ArrayList<>();
        DOCUMENT.root().path("paths").forEach(item -> {
            item.properties().stream()
                    .filter(entry -> !entry.getKey().equals("parameters"))
                    .forEach(entry -> operations.add(entry.getValue()));
        });
        return operations;
    }
}
