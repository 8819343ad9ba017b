package ai.robutler.routing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Looks for what Camel would find out at the first request only: a name in a route or kamelet file that stands for nothing.
 * Each finding has its file, line and fix.
 */
public final class RouteFileCheck {
    private final List<Path> routes;
    private final Path kamelets;
    private final Predicate<String> beans;

    /**
     * @param routes the folders that route files are taken from
     * @param beans whether a bean of that name is known
     */
    public RouteFileCheck(List<Path> routes, Path kamelets, Predicate<String> beans) {
        this.routes = List.copyOf(routes);
        this.kamelets = kamelets;
        this.beans = beans;
    }

    /** The findings in all files; empty when all is well. */
    public List<String> checkAll() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : routeFiles()) {
            findings.addAll(check(file, Files.readString(file)));
        }
        for (Path file : files(kamelets, ".kamelet.yaml")) {
            findings.addAll(check(file, Files.readString(file)));
        }
        return findings;
    }

    /** The findings in one file's text. */
    public List<String> check(Path file, String text) throws IOException {
        Optional<Node> root;
        try {
            root = compose(file, text);
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            return List.of(file + ":" + line + ": is not YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            return List.of(file + ":1: is not YAML: " + broken.getMessage());
        }
        Finder finder =
                new Finder(file, directEndpoints(file, root), routeConfigurations(file, root), routeIdsElsewhere(file));
        root.ifPresent(node -> finder.walk(node, ""));
        return finder.findings;
    }

    private static Optional<Node> compose(Path file, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        return new Compose(settings).composeString(text);
    }

    private Set<String> directEndpoints(Path file, Optional<Node> root) throws IOException {
        Set<String> names = new HashSet<>();
        collect(file, root, (key, value) -> {
            if (key.equals("from") && value instanceof MappingNode from) {
                text(from, "uri").filter(uri -> uri.startsWith("direct:")).ifPresent(names::add);
            }
        });
        return names;
    }

    private Set<String> routeConfigurations(Path file, Optional<Node> root) throws IOException {
        Set<String> names = new HashSet<>();
        collect(file, root, (key, value) -> {
            if (key.equals("routeConfiguration") && value instanceof MappingNode configuration) {
                text(configuration, "id").ifPresent(names::add);
            }
        });
        return names;
    }

    private Set<String> routeIdsElsewhere(Path file) throws IOException {
        Set<String> ids = new HashSet<>();
        collect(file, Optional.empty(), (key, value) -> {
            if (key.equals("route") && value instanceof MappingNode route) {
                text(route, "id").ifPresent(ids::add);
            }
        });
        return ids;
    }

    /** Walks over the given file as it is given, and over all others as they are on the disk. */
    private void collect(Path file, Optional<Node> root, Visitor visitor) throws IOException {
        root.ifPresent(node -> visit(node, visitor));
        for (Path other : routeFiles()) {
            if (!other.equals(file)) {
                try {
                    compose(other, Files.readString(other)).ifPresent(node -> visit(node, visitor));
                } catch (YamlEngineException brokenToo) {
                    // told when that file is checked
                }
            }
        }
    }

    private static void visit(Node node, Visitor visitor) {
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

    private static Optional<String> text(MappingNode map, String field) {
        return map.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(field)
                        && entry.getValueNode() instanceof ScalarNode)
                .map(entry -> ((ScalarNode) entry.getValueNode()).getValue())
                .findFirst();
    }

    private List<Path> routeFiles() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path folder : routes) {
            all.addAll(files(folder, ".camel.yaml"));
        }
        return all;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @FunctionalInterface
    private interface Visitor {
        void entry(String key, Node value);
    }

    private final class Finder {
        private final Path file;
        private final Set<String> directs;
        private final Set<String> configurations;
        private final Set<String> routesElsewhere;
        private final List<String> findings = new ArrayList<>();

        Finder(Path file, Set<String> directs, Set<String> configurations, Set<String> routesElsewhere) {
            this.file = file;
            this.directs = directs;
            this.configurations = configurations;
            this.routesElsewhere = routesElsewhere;
        }

        void walk(Node node, String step) {
            if (node instanceof SequenceNode list) {
                list.getValue().forEach(entry -> walk(entry, step));
            } else if (node instanceof MappingNode map) {
                for (NodeTuple entry : map.getValue()) {
                    if (entry.getKeyNode() instanceof ScalarNode key) {
                        look(step, key.getValue(), entry.getValueNode());
                        walk(entry.getValueNode(), key.getValue());
                    }
                }
            }
        }

        private void look(String step, String key, Node value) {
            if (!(value instanceof ScalarNode scalar) || scalar.getValue().contains("{{")) {
                return;
            }
            String name = scalar.getValue();
            if (key.equals("ref") && (step.equals("bean") || step.equals("process")) && !beans.test(name)) {
                find(scalar, "no bean is called '" + name + "'");
            } else if (key.equals("routeConfigurationId")) {
                for (String one : name.split(",", -1)) {
                    if (!configurations.contains(one.trim())) {
                        find(scalar, "no routeConfiguration is called '" + one.trim() + "'");
                    }
                }
            } else if (key.equals("id") && step.equals("route") && routesElsewhere.contains(name)) {
                find(scalar, "a route of another file is called '" + name + "' too; give each its own id");
            } else if (key.equals("uri") && !step.equals("from")) {
                endpoint(scalar, name);
            }
        }

        private void endpoint(ScalarNode place, String uri) {
            String base = uri.replaceFirst("\\?.*", "");
            if (base.startsWith("kamelet:") && !base.equals("kamelet:source") && !base.equals("kamelet:sink")) {
                String kamelet = base.substring("kamelet:".length()).replaceFirst("/.*", "");
                if (!Files.exists(kamelets.resolve(kamelet + ".kamelet.yaml"))) {
                    find(place, "there is no file " + kamelets.resolve(kamelet + ".kamelet.yaml"));
                }
            } else if (base.startsWith("direct:") && !directs.contains(base)) {
                find(place, "no route starts at " + base);
            }
        }

        private void find(Node place, String what) {
            int line = place.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
            findings.add(file + ":" + line + ": " + what);
        }
    }
}
