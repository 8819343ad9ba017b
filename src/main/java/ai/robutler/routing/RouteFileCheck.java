package ai.robutler.routing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
    private final Collection<String> beanNames;

    /**
     * @param routes the folders that route files are taken from
     * @param beans whether a bean of that name is known
     */
    public RouteFileCheck(List<Path> routes, Path kamelets, Predicate<String> beans) {
        this(routes, kamelets, beans, List.of());
    }

    /**
     * @param routes the folders that route files are taken from
     * @param beans whether a bean of that name is known
     * @param beanNames those that can be named as what was meant
     */
    public RouteFileCheck(List<Path> routes, Path kamelets, Predicate<String> beans, Collection<String> beanNames) {
        this.routes = List.copyOf(routes);
        this.kamelets = kamelets;
        this.beans = beans;
        this.beanNames = List.copyOf(beanNames);
    }

    /** The findings in all files; empty when all is well. */
    public List<String> checkAll() throws IOException {
        Map<Path, Node> others = trees();
        List<String> findings = new ArrayList<>();
        for (Path file : routeFiles()) {
            findings.addAll(check(file, Files.readString(file), others));
        }
        for (Path file : files(kamelets, ".kamelet.yaml")) {
            findings.addAll(check(file, Files.readString(file), others));
        }
        return findings;
    }

    /** The findings in one file's text. */
    public List<String> check(Path file, String text) throws IOException {
        return check(file, text, trees());
    }

    private List<String> check(Path file, String text, Map<Path, Node> others) {
        Optional<Node> root;
        try {
            root = YamlNodes.compose(file, text);
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            return List.of(file + ":" + line + ": is not YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            return List.of(file + ":1: is not YAML: " + broken.getMessage());
        }
        RouteNames names = new RouteNames();
        root.ifPresent(names::add);
        others.forEach((other, tree) -> {
            if (!other.equals(file)) {
                names.addElsewhere(tree);
            }
        });
        Finder finder = new Finder(file, names);
        root.ifPresent(finder::checkName);
        root.ifPresent(node -> finder.walk(node, ""));
        return finder.findings;
    }

    /** The route files as they are on the disk, but those that are not YAML: each is told of when it is checked itself. */
    private Map<Path, Node> trees() throws IOException {
        Map<Path, Node> trees = new LinkedHashMap<>();
        for (Path file : routeFiles()) {
            try {
                YamlNodes.compose(file, Files.readString(file)).ifPresent(tree -> trees.put(file, tree));
            } catch (YamlEngineException broken) {
                // not a tree
            }
        }
        return trees;
    }

    private List<String> kamelets() {
        try {
            return files(kamelets, ".kamelet.yaml").stream()
                    .map(found -> String.valueOf(found.getFileName()).replace(".kamelet.yaml", ""))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
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

    private final class Finder {
        private final Path file;
        private final RouteNames names;
        private final List<String> findings = new ArrayList<>();

        Finder(Path file, RouteNames names) {
            this.file = file;
            this.names = names;
        }

        /** A kamelet is found by its file's name and is known by its own. */
        void checkName(Node root) {
            String fileName = String.valueOf(file.getFileName());
            if (!fileName.endsWith(".kamelet.yaml")) {
                return;
            }
            String expected = fileName.substring(0, fileName.length() - ".kamelet.yaml".length());
            YamlNodes.visit(root, (key, value) -> {
                if (key.equals("metadata") && value instanceof MappingNode metadata) {
                    String name = YamlNodes.text(metadata, "name").orElse("");
                    if (!name.equals(expected)) {
                        find(
                                YamlNodes.value(metadata, "name"),
                                "the kamelet is called '" + name + "' in the file " + fileName + "; call it '"
                                        + expected + "', or rename the file");
                    }
                }
            });
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
            if (key.equals("circuitBreaker")
                    && value instanceof MappingNode breaker
                    && !YamlNodes.has(breaker, "onFallback")) {
                find(
                        value,
                        "the circuitBreaker has no onFallback, without which a request goes on as if it were the"
                                + " answer; add one whose last step throws");
            }
            if (!(value instanceof ScalarNode scalar) || scalar.getValue().contains("{{")) {
                return;
            }
            String name = scalar.getValue();
            if (key.equals("ref") && (step.equals("bean") || step.equals("process")) && !bean(name)) {
                find(scalar, "no bean is called '" + name + "'" + Nearest.hint(name, beanNames));
            } else if (key.equals("routeConfigurationId")) {
                for (String one : name.split(",", -1)) {
                    if (!names.configurations().contains(one.trim())) {
                        find(
                                scalar,
                                "no routeConfiguration is called '" + one.trim() + "'"
                                        + Nearest.hint(one.trim(), names.configurations()));
                    }
                }
            } else if (key.equals("id")
                    && step.equals("route")
                    && names.routesElsewhere().contains(name)) {
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
                    find(
                            place,
                            "there is no file " + kamelets.resolve(kamelet + ".kamelet.yaml")
                                    + Nearest.hint(kamelet, kamelets()));
                }
            } else if (base.startsWith("direct:") && !names.directs().contains(base)) {
                find(place, "no route starts at " + base + Nearest.hint(base, names.directs()));
            }
        }

        private boolean bean(String name) {
            return names.beans().contains(name) || beans.test(name);
        }

        private void find(Node place, String what) {
            findings.add(file + ":" + YamlNodes.line(place) + ": " + what);
        }
    }
}
