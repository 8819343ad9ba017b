package ai.robutler.gateway.model;

import ai.robutler.gateway.reload.YamlFile;
import ai.robutler.http.BaseUrlGuard;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code config/models.yaml}: the providers and the aliases. What is wrong is told with file, line, field and fix. */
public final class ModelsFile {
    private static final Set<String> FIELDS = Set.of(
            "name",
            "base_url",
            "api_key_env",
            "api_key_file",
            "models",
            "default_model",
            "headers",
            "connect_timeout_ms",
            "first_byte_timeout_ms",
            "idle_timeout_ms",
            "weight");

    private final BaseUrlGuard guard;
    private final Provider.Timeouts timeouts;
    private final Map<String, String> environment;

    /**
     * @param guard which base URLs are allowed
     * @param timeouts of a provider that sets none
     * @param environment where {@code api_key_env} is looked up
     */
    public ModelsFile(BaseUrlGuard guard, Provider.Timeouts timeouts, Map<String, String> environment) {
        this.guard = guard;
        this.timeouts = timeouts;
        this.environment = environment;
    }

    /** The catalog that the file holds; without providers when it has none or does not exist. */
    public ModelCatalog read(Path path) throws IOException {
        YamlFile file = YamlFile.read(path);
        file.onlyFields(file.root(), "", Set.of("providers", "aliases"));
        List<Provider> providers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        JsonNode list = file.root().path("providers");
        if (!list.isArray() && !list.isMissingNode() && !list.isNull()) {
            throw file.wrong("providers", "must be a list of providers");
        }
        for (int i = 0; i < list.size(); i++) {
            Provider provider = provider(file, list.get(i), "providers[" + i + "]");
            if (!names.add(provider.name())) {
                throw file.wrong("providers[" + i + "].name", "'" + provider.name() + "' stands twice");
            }
            providers.add(provider);
        }
        return new ModelCatalog(providers, textMap(file, file.root(), "", "aliases"));
    }

    /** A provider at an address that the operator gave outside the file. @throws IllegalArgumentException if it is not allowed */
    public Provider provider(String name, String baseUrl, Secret key, String defaultModel) {
        return new Provider(name, url(baseUrl), key, List.of(), defaultModel, Map.of(), timeouts, 1);
    }

    private URI url(String text) {
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return guard.check(trimmed).uri();
    }

    private Provider provider(YamlFile file, JsonNode node, String at) throws IOException {
        file.onlyFields(node, at, FIELDS);
        URI url;
        try {
            url = url(file.requiredText(node, at, "base_url"));
        } catch (IllegalArgumentException refused) {
            throw file.wrong(at + ".base_url", "is refused: " + refused.getMessage());
        }
        return new Provider(
                name(file, node, at),
                url,
                key(file, node, at),
                file.texts(node, at, "models"),
                file.text(node, at, "default_model").orElse(""),
                textMap(file, node, at, "headers"),
                new Provider.Timeouts(
                        millis(file, node, at, "connect_timeout_ms", timeouts.connect()),
                        millis(file, node, at, "first_byte_timeout_ms", timeouts.firstByte()),
                        millis(file, node, at, "idle_timeout_ms", timeouts.idle())),
                (int) whole(file, node, at, "weight", 1, 1_000));
    }

    private static String name(YamlFile file, JsonNode node, String at) {
        String name = file.requiredText(node, at, "name");
        if (!name.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
            throw file.wrong(at + ".name", "must be 1-64 characters of a-z 0-9 - _, starting with a letter or digit");
        }
        return name;
    }

    private Secret key(YamlFile file, JsonNode node, String at) throws IOException {
        String variable = file.text(node, at, "api_key_env").orElse("");
        String keyFile = file.text(node, at, "api_key_file").orElse("");
        if (!variable.isEmpty()) {
            String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                throw file.wrong(at + ".api_key_env", "names " + variable + ", which is not set in the environment");
            }
            return new Secret(value.trim());
        }
        if (keyFile.isEmpty()) {
            return Secret.NONE;
        }
        if (!Files.isReadable(Path.of(keyFile))) {
            throw file.wrong(at + ".api_key_file", "names " + keyFile + ", which cannot be read");
        }
        return new Secret(Files.readString(Path.of(keyFile)).trim());
    }

    private static Map<String, String> textMap(YamlFile file, JsonNode node, String at, String field) {
        String where = at.isEmpty() ? field : at + "." + field;
        JsonNode map = node.path(field);
        Map<String, String> texts = new HashMap<>();
        if (map.isMissingNode() || map.isNull()) {
            return texts;
        }
        if (!map.isObject()) {
            throw file.wrong(where, "must be a map of texts");
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isValueNode()) {
                throw file.wrong(where, "must be a map of texts");
            }
            texts.put(entry.getKey(), entry.getValue().asText());
        }
        return texts;
    }

    private static Duration millis(YamlFile file, JsonNode node, String at, String field, Duration absent) {
        return Duration.ofMillis(whole(file, node, at, field, absent.toMillis(), 86_400_000));
    }

    private static long whole(YamlFile file, JsonNode node, String at, String field, long absent, long most) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
            throw file.wrong(at + "." + field, "must be a whole number from 1 to " + most);
        }
        return value.asLong();
    }
}
