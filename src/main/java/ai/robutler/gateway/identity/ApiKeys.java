package ai.robutler.gateway.identity;

import ai.robutler.gateway.reload.YamlFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The API keys that the operator has put into {@code config/api-keys.yaml}, as SHA-256 of each; immutable. */
public final class ApiKeys {
    /** No key at all: nothing to check a key against. */
    public static final ApiKeys NONE = new ApiKeys(Map.of());

    private final Map<String, Principal> byHash;

    private ApiKeys(Map<String, Principal> byHash) {
        this.byHash = Map.copyOf(byHash);
    }

    /** Reads the file's keys. @throws IllegalArgumentException that names file, field and fix */
    public static ApiKeys read(YamlFile file) {
        Map<String, Principal> keys = new HashMap<>();
        file.onlyFields(file.root(), "", Set.of("keys"));
        JsonNode list = file.root().path("keys");
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            String at = "keys[" + i + "]";
            file.onlyFields(entry, at, Set.of("id", "user", "sha256", "role", "agents"));
            String hash = file.requiredText(entry, at, "sha256").toLowerCase(Locale.ROOT);
            if (!hash.matches("[0-9a-f]{64}")) {
                throw file.wrong(at + ".sha256", "must be the key's SHA-256 in 64 hexadecimal digits");
            }
            Set<String> agents = new LinkedHashSet<>(file.texts(entry, at, "agents"));
            boolean admin = "admin".equals(file.text(entry, at, "role").orElse("user"));
            Principal principal = new Principal(
                    file.requiredText(entry, at, "id"),
                    file.requiredText(entry, at, "user"),
                    admin,
                    agents,
                    Optional.empty());
            if (keys.put(hash, principal) != null) {
                throw file.wrong(at + ".sha256", "stands twice; give each key one entry");
            }
        }
        return new ApiKeys(keys);
    }

    /** Whose key this is; empty when it is not known. Found by its digest, so that time tells nothing of it. */
    Optional<Principal> findByDigest(String sha256) {
        return Optional.ofNullable(byHash.get(sha256));
    }

    /** What a key is known by: its SHA-256 in hexadecimal. */
    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
