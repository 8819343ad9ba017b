package ai.robutler;

import ai.robutler.cli.Finding;
import ai.robutler.gateway.identity.TrustedProxies;
import ai.robutler.http.BaseUrlGuard;
import ai.robutler.portal.store.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/** Looks for unknown settings and bad values, wherever they are set. */
final class SettingsCheck {
    private final Map<String, String> environment;
    private final Properties system;
    private final Properties shipped;
    private final Path path;
    private final SettingsFile file;
    private final List<Finding> findings = new ArrayList<>();

    SettingsCheck(Map<String, String> environment, Properties system) throws IOException {
        this.environment = environment;
        this.system = system;
        this.shipped = Settings.shipped();
        this.path = Settings.file(shipped, environment, system);
        this.file = SettingsFile.read(path);
    }

    /** The settings, mistakes and all. @throws IllegalArgumentException when one refers to itself */
    Settings settings() {
        return Settings.of(shipped, file.values(), environment, system);
    }

    /** The mistakes. */
    List<Finding> findings() {
        file.findings().forEach((line, message) -> findings.add(new Finding(path.toString(), line, message)));
        unknown(file.values(), "");
        Properties ours = new Properties();
        for (String key : system.stringPropertyNames()) {
            if (key.matches("(gateway|robutler|portal|database)\\..*")) {
                ours.setProperty(key, "");
            }
        }
        unknown(ours, "the JVM's property");
        try {
            values(settings());
        } catch (IllegalArgumentException circular) {
            String message = String.valueOf(circular.getMessage());
            findings.add(new Finding(path.toString(), line(message), message + "; write its value"));
        }
        return findings;
    }

    /** Where a setting has its value from. */
    Finding at(String key, String message) {
        if (system.getProperty(key) != null) {
            return new Finding("the JVM's property " + key, 0, message);
        }
        String variable = key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        if (environment.containsKey(variable)) {
            return new Finding("the environment's variable " + variable, 0, message);
        }
        return new Finding(path.toString(), file.lines().getOrDefault(key, 0), message);
    }

    private void unknown(Properties keys, String where) {
        for (String key : new TreeSet<>(keys.stringPropertyNames())) {
            Settings.unknown(key, shipped).ifPresent(nearest -> {
                String message = "unknown setting '" + key + "'; did you mean '" + nearest + "'?";
                findings.add(
                        where.isEmpty()
                                ? new Finding(path.toString(), file.lines().getOrDefault(key, 1), message)
                                : new Finding(where + " " + key, 0, message));
            });
        }
    }

    private void values(Settings settings) {
        Settings defaults = Settings.of(shipped, new Properties(), Map.of(), new Properties());
        for (String key : new TreeSet<>(shipped.stringPropertyNames())) {
            SettingKinds.wrong(settings, key, defaults.text(key)).ifPresent(message -> findings.add(at(key, message)));
        }
        tried("gateway.trusted-proxies", () -> new TrustedProxies(settings.list("gateway.trusted-proxies")));
        tried("database.url", () -> DatabaseAddress.of(settings.text("database.url"), settings.path("robutler.data")));
        tried(
                "gateway.internal-hosts",
                () -> new BaseUrlGuard(settings.list("gateway.internal-hosts"), host -> List.of()));
    }

    private void tried(String key, Runnable use) {
        try {
            use.run();
        } catch (IllegalArgumentException wrong) {
            findings.add(at(key, "setting '" + key + "': " + wrong.getMessage()));
        }
    }

    private int line(String message) {
        return file.lines().entrySet().stream()
                .filter(entry -> message.contains("'" + entry.getKey() + "'"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(1);
    }
}
