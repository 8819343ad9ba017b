package ai.robutler.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.util.StringHelper;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Looks for steps and fields that Camel does not know, by the schema of its YAML routes; each with file, line and fix. */
public final class RouteSchemaCheck {
    private static final String SCHEMA = "/schema/camelYamlDsl.json";
    private static final String FROM = "org.apache.camel.model.FromDefinition";

    private final JsonNode schema;

    /** Reads the schema that Camel ships. */
    public RouteSchemaCheck() throws IOException {
        try (InputStream stream = RouteSchemaCheck.class.getResourceAsStream(SCHEMA)) {
            if (stream == null) {
                throw new IllegalStateException("Camel ships no " + SCHEMA);
            }
            schema = new ObjectMapper().readTree(stream);
        }
    }

    /** The findings in a file of routes, or in a kamelet; none in one that is not YAML. */
    public List<String> check(Path file, String text) {
        Optional<Node> root;
        try {
            root = YamlNodes.compose(file, text);
        } catch (YamlEngineException notYaml) {
            return List.of();
        }
        Walk walk = new Walk(file);
        if (root.isPresent() && String.valueOf(file.getFileName()).endsWith(".kamelet.yaml")) {
            YamlNodes.visit(root.get(), (key, value) -> {
                if (key.equals("template") && value instanceof MappingNode template) {
                    walk.template(template);
                }
            });
        } else {
            root.ifPresent(node -> walk.node(node, shape(schema), "file"));
        }
        return walk.findings;
    }

    private SchemaShape shape(JsonNode part) {
        return SchemaShape.of(part, schema);
    }

    private final class Walk {
        private final Path file;
        private final List<String> findings = new ArrayList<>();

        Walk(Path file) {
            this.file = file;
        }

        @SuppressWarnings("ReferenceEquality") // the node itself comes back where it has no such part
        void template(MappingNode template) {
            Node from = YamlNodes.value(template, "from");
            if (from != template) {
                node(from, shape(schema.at("/items/definitions").path(FROM)), "from");
            }
            for (String part : List.of("route", "beans")) {
                Node value = YamlNodes.value(template, part);
                if (value != template) {
                    node(value, shape(schema.at("/items/properties").path(part)), part);
                }
            }
        }

        void node(Node node, SchemaShape shape, String at) {
            if (node instanceof SequenceNode list && shape.isList()) {
                SchemaShape entries = shape.entries();
                list.getValue().forEach(entry -> node(entry, entries, at));
            } else if (node instanceof MappingNode map && shape.isMap()) {
                map.getValue().forEach(field -> field(field, shape, at));
            } else if (node instanceof MappingNode && shape.isList()) {
                find(node, "'" + at + "' must be a list; begin each entry with '- '");
            } else if (node instanceof SequenceNode && shape.isMap()) {
                find(node, "'" + at + "' must be a map of fields, not a list");
            }
        }

        private void field(NodeTuple field, SchemaShape shape, String at) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                return;
            }
            String name = StringHelper.dashToCamelCase(key.getValue());
            Optional<SchemaShape> known = shape.field(name);
            if (known.isPresent()) {
                node(field.getValueNode(), known.get(), name);
                return;
            }
            String kind = at.equals("steps") || at.equals("file") ? "unknown step '" : "unknown field '";
            String of = at.equals("steps") || at.equals("file") ? "'" : "' of '" + at + "'";
            find(key, kind + key.getValue() + of + fix(name, shape));
        }

        private String fix(String name, SchemaShape shape) {
            String hint = Nearest.hint(name, shape.names());
            return hint.isEmpty() ? "; see Camel's YAML DSL for those that there are" : hint;
        }

        private void find(Node place, String what) {
            findings.add(file + ":" + YamlNodes.line(place) + ": " + what);
        }
    }
}
