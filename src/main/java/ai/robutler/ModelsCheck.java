package ai.robutler;

import ai.robutler.cli.Finding;
import ai.robutler.gateway.model.ModelCatalog;
import ai.robutler.gateway.model.ModelsFile;
import ai.robutler.gateway.model.Provider;
import ai.robutler.gateway.model.Secret;
import ai.robutler.gateway.reload.YamlFile;
import ai.robutler.http.BaseUrlGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Looks for mistakes in {@code models.yaml}, and for agents whose model nobody serves. Resolves no name, calls nobody. */
final class ModelsCheck {
    /** Stands for every host that is named; what it resolves to is known at the start only. */
    private static final String ANY_HOST = "198.51.100.7";

    private final SettingsCheck places;
    private final Settings settings;
    private final Path folder;
    private final ModelsFile reader;
    private final List<Finding> findings = new ArrayList<>();

    ModelsCheck(SettingsCheck places, Settings settings, Map<String, String> environment) {
        this.places = places;
        this.settings = settings;
        this.folder = settings.path("robutler.config");
        List<String> internal = new ArrayList<>(settings.list("gateway.internal-hosts"));
        internal.add(ANY_HOST);
        this.reader = new ModelsFile(
                new BaseUrlGuard(internal, host -> List.of(InetAddress.getByName(ANY_HOST))),
                new Provider.Timeouts(
                        settings.duration("gateway.model.connect-timeout"),
                        settings.duration("gateway.request-timeout"),
                        settings.duration("gateway.model.idle-timeout")),
                environment);
    }

    /** The mistakes. */
    List<Finding> findings() throws IOException {
        Path file = folder.resolve("models.yaml");
        try {
            ModelCatalog catalog = reader.read(file);
            if (catalog.providers().isEmpty()) {
                environmentProvider();
            } else {
                aliases(catalog, file);
                agents(catalog);
            }
        } catch (IllegalArgumentException wrong) {
            findings.add(Finding.of(file.toString(), String.valueOf(wrong.getMessage())));
        }
        return findings;
    }

    private void environmentProvider() {
        String url = settings.text("openai.base-url");
        if (url.isEmpty()) {
            return;
        }
        try {
            reader.provider("openai", url, Secret.NONE, "any");
        } catch (IllegalArgumentException refused) {
            findings.add(places.at("openai.base-url", "setting 'openai.base-url': " + refused.getMessage()));
        }
    }

    private void aliases(ModelCatalog catalog, Path path) throws IOException {
        YamlFile file = YamlFile.read(path);
        catalog.aliases().forEach((alias, model) -> {
            if (!served(catalog, Optional.of(model))) {
                wrong(file, alias, "names '" + model + "', which no provider serves; " + fix(catalog));
            }
        });
    }

    private void agents(ModelCatalog catalog) throws IOException {
        for (Path path : agentFiles()) {
            try {
                YamlFile file = YamlFile.read(path);
                Optional<String> model = file.text(file.root(), "", "model");
                if (model.isEmpty() && !served(catalog, model)) {
                    wrong(
                            file,
                            "",
                            "names no model, and the first provider of models.yaml has no default_model;"
                                    + " give one of them a model");
                }
                List<String> all = new ArrayList<>(file.texts(file.root(), "", "fallback_models"));
                model.ifPresent(name -> all.add(0, name));
                for (int i = 0; i < all.size(); i++) {
                    if (!served(catalog, Optional.of(all.get(i)))) {
                        wrong(
                                file,
                                i == 0 && model.isPresent() ? "model" : "fallback_models",
                                "names '" + all.get(i) + "', which no provider serves; " + fix(catalog));
                    }
                }
            } catch (IllegalArgumentException toldWithTheAgents) {
                // AgentFiles refuses the file too
            }
        }
    }

    private List<Path> agentFiles() throws IOException {
        Path agents = folder.resolve("agents");
        if (!Files.isDirectory(agents)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(agents)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }

    private void wrong(YamlFile file, String field, String why) {
        findings.add(Finding.of(
                file.path().toString(), String.valueOf(file.wrong(field, why).getMessage())));
    }

    private static boolean served(ModelCatalog catalog, Optional<String> model) {
        return !catalog.targets(model, new Random(0)).isEmpty();
    }

    private static String fix(ModelCatalog catalog) {
        return "add it to the models of a provider in models.yaml; there are "
                + String.join(
                        ", ", catalog.providers().stream().map(Provider::name).toList());
    }
}
