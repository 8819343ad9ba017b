package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every route file and kamelet must be, before Camel reads it: the designers' canonical form, named and described. */
final class RouteFilesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema CANONICAL = canonicalSchema();
    private static final int MOST_LINES = 130;

    static List<Path> routes() throws IOException {
        List<Path> all = new ArrayList<>(files("routes", ".camel.yaml"));
        all.addAll(files("config", ".camel.yaml"));
        return all;
    }

    static List<Path> kamelets() throws IOException {
        return files("kamelets", ".kamelet.yaml");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void file_isCanonical(Path file) throws IOException {
        assertThat(CANONICAL.validate(YAML.readTree(file.toFile()))).isEmpty();
        assertThat(Files.readAllLines(file)).hasSizeLessThan(MOST_LINES);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void route_isNamedAndDescribed_andAnswersErrors(Path file) throws IOException {
        for (JsonNode entry : YAML.readTree(file.toFile())) {
            JsonNode route = entry.path("route");
            if (route.isMissingNode()) {
                continue;
            }
            String id = route.path("id").asText();
            assertThat(id).as("route id in " + file).isNotEmpty();
            assertThat(route.path("description").asText())
                    .as("description of " + id)
                    .isNotEmpty();
            if (route.at("/from/uri").asText().startsWith("platform-http")) {
                assertThat(route.path("routeConfigurationId").asText())
                        .as("errors of " + id)
                        .contains("api-errors");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void step_hasAnId(Path file) throws IOException {
        for (JsonNode steps : YAML.readTree(file.toFile()).findValues("steps")) {
            for (JsonNode step : steps) {
                assertThat(step.iterator().next().path("id").asText())
                        .as("id of " + step.fieldNames().next() + " in " + file)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void ids_standOnce() throws IOException {
        Set<String> seen = new HashSet<>();
        for (Path file : routes()) {
            for (String id : YAML.readTree(file.toFile()).findValuesAsText("id")) {
                assertThat(seen.add(id))
                        .as("'" + id + "' in " + file + " is new")
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void circuitBreaker_hasAFallbackThatEndsInABean(Path file) throws IOException {
        // Without one, Camel goes on with the request as if it were the answer while the breaker is open.
        assertThat(YAML.readTree(file.toFile()).findValues("circuitBreaker")).allSatisfy(breaker -> {
            JsonNode steps = breaker.path("onFallback").path("steps");
            assertThat(steps.path(steps.size() - 1).has("bean")).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void kamelet_isCanonicalAndNamedAsItsFile(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        String name = kamelet.at("/metadata/name").asText();
        String type = kamelet.at("/metadata/labels")
                .path("camel.apache.org/kamelet.type")
                .asText();

        assertThat(file.getFileName()).hasToString(name + ".kamelet.yaml");
        assertThat(name).endsWith("-" + type);
        assertThat(kamelet.at("/spec/definition/title").asText()).endsWith("Action");
        assertThat(kamelet.at("/spec/definition/description").asText()).isNotEmpty();
        assertThat(kamelet.at("/spec/definition/type").asText()).isEqualTo("object");
        assertThat(kamelet.at("/metadata/annotations")
                        .path("camel.apache.org/kamelet.icon")
                        .asText())
                .startsWith("data:image/");
        assertThat(CANONICAL.validate(asRoute(kamelet))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void kamelet_declaresEveryParameterThatItUses(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        Set<String> declared = new HashSet<>();
        kamelet.at("/spec/definition/properties").fieldNames().forEachRemaining(declared::add);
        Set<String> used = new HashSet<>();
        Matcher matcher = Pattern.compile("\\{\\{([A-Za-z]+)\\}\\}")
                .matcher(kamelet.at("/spec/template").toString());
        while (matcher.find()) {
            used.add(matcher.group(1));
        }
        assertThat(used).isEqualTo(declared);
    }

    private static JsonSchema canonicalSchema() {
        try {
            JsonNode schema = YAML.readTree(
                    Path.of("target/schema/camelYamlDsl-canonical.json").toFile());
            for (String both : List.of("Unmarshal", "Marshal")) {
                // Camel 4.22.0 lists all 48 data formats as required.
                ((ObjectNode) schema.at("/items/definitions/org.apache.camel.model." + both + "Definition"))
                        .remove("required");
            }
            return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArrayNode asRoute(JsonNode kamelet) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        JsonNode from = kamelet.at("/spec/template/from");
        return json.arrayNode()
                .add(json.objectNode().set("route", json.objectNode().set("from", from)));
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of(folder))) {
            return paths.filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
