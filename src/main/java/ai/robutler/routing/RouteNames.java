package ai.robutler.routing;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What route files call their endpoints, configurations, routes and beans. */
public final class RouteNames {
    private final Set<String> directs = new HashSet<>();
    private final Set<String> configurations = new HashSet<>();
    private final Set<String> routesElsewhere = new HashSet<>();
    private final Set<String> beans = new HashSet<>();

    RouteNames() {}

    /** The beans that a file's text declares; none in one that is not YAML. */
    public static Set<String> beansOf(Path file, String text) {
        RouteNames names = new RouteNames();
        try {
            YamlNodes.compose(file, text).ifPresent(names::add);
        } catch (YamlEngineException broken) {
            // told when the file is checked
        }
        return names.beans;
    }

    /** Takes the names of the file that is checked. */
    void add(Node root) {
        YamlNodes.visit(root, this::take);
    }

    /** Takes the names of another file. */
    void addElsewhere(Node root) {
        YamlNodes.visit(root, (key, value) -> {
            take(key, value);
            if (key.equals("route") && value instanceof MappingNode route) {
                YamlNodes.text(route, "id").ifPresent(routesElsewhere::add);
            }
        });
    }

    private void take(String key, Node value) {
        if (key.equals("from") && value instanceof MappingNode from) {
            YamlNodes.text(from, "uri").filter(uri -> uri.startsWith("direct:")).ifPresent(directs::add);
        } else if (key.equals("routeConfiguration") && value instanceof MappingNode configuration) {
            YamlNodes.text(configuration, "id").ifPresent(configurations::add);
        } else if (key.equals("beans") && value instanceof SequenceNode list) {
            list.getValue().stream()
                    .filter(MappingNode.class::isInstance)
                    .forEach(bean -> YamlNodes.text((MappingNode) bean, "name").ifPresent(beans::add));
        }
    }

    /** The {@code direct:} endpoints that routes start at. */
    Set<String> directs() {
        return directs;
    }

    /** The ids of route configurations. */
    Set<String> configurations() {
        return configurations;
    }

    /** The ids of the routes of other files. */
    Set<String> routesElsewhere() {
        return routesElsewhere;
    }

    /** The beans that files declare. */
    Set<String> beans() {
        return beans;
    }
}
