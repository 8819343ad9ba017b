package ai.robutler;

import ai.robutler.cli.Finding;
import ai.robutler.routing.RouteFileCheck;
import ai.robutler.routing.RouteSchemaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for mistakes in routes, kamelets, and the Camel files beside the settings. */
final class RoutesCheck {
    private final Path config;
    private final Path routes;
    private final Path kamelets;
    private final RouteFileCheck names;
    private final RouteSchemaCheck steps = new RouteSchemaCheck();

    /** @param beans those that the wiring binds */
    RoutesCheck(Settings settings, Set<String> beans) throws IOException {
        this.config = settings.path("robutler.config");
        this.routes = settings.path("robutler.routes");
        this.kamelets = settings.path("robutler.kamelets");
        Set<String> known = new LinkedHashSet<>(beans);
        settings.all().stringPropertyNames().stream()
                .filter(key -> key.startsWith("camel.beans."))
                .map(key -> key.substring("camel.beans.".length()).replaceFirst("[.\\[].*", ""))
                .forEach(known::add);
        for (Path file : files(config, ".camel.yaml")) {
            known.addAll(RouteFileCheck.beans(file, Files.readString(file)));
        }
        this.names = new RouteFileCheck(routes, kamelets, known::contains, known);
    }

    /** The mistakes. */
    List<Finding> findings() throws IOException {
        List<Path> files = new ArrayList<>(files(routes, ".camel.yaml"));
        files.addAll(files(kamelets, ".kamelet.yaml"));
        files.addAll(files(config, ".camel.yaml"));
        List<Finding> findings = new ArrayList<>();
        for (Path file : files) {
            String text = Files.readString(file);
            List<String> all = new ArrayList<>(names.check(file, text));
            all.addAll(steps.check(file, text));
            all.forEach(finding -> findings.add(Finding.of(file.toString(), finding)));
        }
        return findings;
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
}
