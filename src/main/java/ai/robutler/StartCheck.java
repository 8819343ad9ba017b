package ai.robutler;

import ai.robutler.cli.ConfigurationCheck;
import ai.robutler.cli.Finding;
import ai.robutler.gateway.agent.AgentFiles;
import ai.robutler.gateway.identity.ApiKeys;
import ai.robutler.gateway.ratelimit.RateLimitRules;
import ai.robutler.gateway.ratelimit.RateLimits;
import ai.robutler.gateway.reload.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Checks everything that a start reads: settings, agents, models, keys, limits, routes and kamelets. */
final class StartCheck implements ConfigurationCheck {
    private final Map<String, String> environment;
    private final Properties system;

    StartCheck(Map<String, String> environment, Properties system) {
        this.environment = environment;
        this.system = system;
    }

    @Override
    public List<Finding> findings(Map<String, String> overrides) throws IOException {
        Properties all = new Properties();
        system.stringPropertyNames().forEach(key -> all.setProperty(key, system.getProperty(key)));
        overrides.forEach(all::setProperty);
        SettingsCheck check = new SettingsCheck(environment, all);
        List<Finding> findings = new ArrayList<>(check.findings());
        Settings settings = usable(check, findings, all);
        Path config = settings.path("robutler.config");
        requireFolder(config, "--config", findings);
        AgentFiles agents = new AgentFiles(config.resolve("agents"));
        agents.refused()
                .forEach((name, reason) -> findings.add(
                        Finding.of(config.resolve("agents").resolve(name).toString(), reason)));
        findings.addAll(new ModelsCheck(check, settings, environment).findings());
        Path keys = config.resolve("api-keys.yaml");
        tried(keys, findings, () -> ApiKeys.read(YamlFile.read(keys)));
        Path limits = config.resolve("limits.yaml");
        if (Files.exists(limits)) {
            tried(limits, findings, () -> RateLimitRules.read(limits, new RateLimits(0, 0, 0, 0, 0, 0)));
        }
        findings.addAll(routes(settings));
        findings.sort(Comparator.comparing(Finding::file).thenComparingInt(Finding::line));
        return findings.stream().distinct().toList();
    }

    /** The settings, with what is shipped in place of every bad value, so that the files can be checked all the same. */
    private Settings usable(SettingsCheck check, List<Finding> findings, Properties all) throws IOException {
        Settings shipped = Settings.of(Settings.shipped(), new Properties(), Map.of(), new Properties());
        if (findings.isEmpty()) {
            return check.settings();
        }
        Properties folders = new Properties();
        for (String key : List.of("robutler.config", "robutler.routes", "robutler.kamelets")) {
            try {
                folders.setProperty(key, check.settings().text(key));
            } catch (IllegalArgumentException circular) {
                folders.setProperty(key, all.getProperty(key, shipped.text(key)));
            }
        }
        return Settings.of(Settings.shipped(), new Properties(), Map.of(), folders);
    }

    private static Collection<Finding> routes(Settings settings) throws IOException {
        List<Finding> findings = new ArrayList<>();
        requireFolder(settings.path("robutler.routes"), "--routes", findings);
        requireFolder(settings.path("robutler.kamelets"), "--kamelets", findings);
        findings.addAll(new RoutesCheck(settings, BeanNames.ALL).findings());
        return findings;
    }

    private static void requireFolder(Path folder, String option, List<Finding> findings) {
        if (!Files.isDirectory(folder)) {
            findings.add(new Finding(
                    folder.toString(),
                    0,
                    "there is no such folder; run the command beside it, or name it with " + option));
        }
    }

    private static void tried(Path file, List<Finding> findings, Reading reading) throws IOException {
        try {
            reading.read();
        } catch (IllegalArgumentException wrong) {
            findings.add(Finding.of(file.toString(), String.valueOf(wrong.getMessage())));
        }
    }

    @FunctionalInterface
    private interface Reading {
        void read() throws IOException;
    }
}
