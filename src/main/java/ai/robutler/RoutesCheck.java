package ai.robutler;

import ai.robutler.cli.Finding;
import ai.robutler.routing.RouteFileCheck;
import ai.robutler.routing.RouteNames;
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
    private final List<Path> routes;
    private final Path kamelets;
    private final RouteFileCheck names;
    private final RouteSchemaCheck steps = new RouteSchemaCheck();

    /** @param beans those that the wiring binds */
    RoutesCheck(Settings settings, Set<String> beans) throws IOException {
        this.config = settings.path("robutler.config");
        this.routes = Application.routeFolders(settings);
        this.kamelets = settings.path("robutler.kamelets");
        Set<String> known = new LinkedHashSet<>(beans);
        settings.all().stringPropertyNames().stream()
                .filter(key -> key.startsWith("camel.beans."))
                .map(key -> key.substring("camel.beans.".length()).replaceFirst("[.\\[].*", ""))
                .forEach(known::add);
        for (Path file : files(config, ".camel.yaml")) {
            known.addAll(RouteNames.beansOf(file, Files.readString(file)));
        }
        this.names = new RouteFileCheck(routes, kamelets, known::contains, known);
    }

    /** The mistakes. */
    List<Finding> findings() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : routes) {
            files.addAll(files(folder, ".camel.yaml"));
        }
        files.addAll(files(kamelets, ".kamelet.yaml"));
        files.addAll(files(config, ".camel.yaml"));
        List<String> all = new ArrayList<>(names.checkAll());
        for (Path file : files(config, ".camel.yaml")) {
            all.addAll(names.check(file, Files.readString(file)));
        }
        for (Path file : files) {
            all.addAll(steps.check(file, Files.readString(file)));
        }
        return all.stream().map(finding -> Finding.of("", finding)).toList();
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
