package ai.robutler.routing;

import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML that knows its lines. */
final class YamlNodes {
    private YamlNodes() {}

    /** The text's tree; empty when it holds nothing. */
    static Optional<Node> compose(Path file, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        return new Compose(settings).composeString(text);
    }

    /** Calls for every field of every map, from the top down. */
    static void visit(Node node, Visitor visitor) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(entry -> visit(entry, visitor));
        } else if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key) {
                    visitor.entry(key.getValue(), entry.getValueNode());
                }
                visit(entry.getValueNode(), visitor);
            }
        }
    }

    /** The value of a field, when it is a text. */
    static Optional<String> text(MappingNode map, String field) {
        return map.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(field)
                        && entry.getValueNode() instanceof ScalarNode)
                .map(entry -> ((ScalarNode) entry.getValueNode()).getValue())
                .findFirst();
    }

    /** Whether the map has the field. */
    static boolean has(MappingNode map, String field) {
        return map.getValue().stream()
                .anyMatch(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(field));
    }

    /** The field's value, else the map itself. */
    static Node value(MappingNode map, String field) {
        return map.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(field))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(map);
    }

    /** The line that the node begins in, from 1 on. */
    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** Is called for a field. */
    @FunctionalInterface
    interface Visitor {
        void entry(String key, Node value);
    }
}
