package ai.robutler.portal.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person calls a match: a file of lines with an intent, a question, or both, which then belong together.
 *
 * @param intents all there are
 * @param wanted questions, each with its intent; the empty text where nothing answers it
 */
record Pairs(List<String> intents, Map<String, String> wanted) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Pairs {
        intents = List.copyOf(intents);
        wanted = Map.copyOf(wanted);
    }

    static Pairs read(String name) {
        List<String> intents = new ArrayList<>();
        Map<String, String> wanted = new LinkedHashMap<>();
        try (InputStream file = Pairs.class.getResourceAsStream("/search/" + name)) {
            if (file == null) {
                throw new IllegalStateException("no /search/" + name);
            }
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode pair = JSON.readTree(line);
                String intent = pair.path("intent").asText("");
                if (!intent.isEmpty()) {
                    intents.add(intent);
                }
                if (pair.has("query")) {
                    wanted.put(pair.path("query").asText(), intent);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Pairs(intents, wanted);
    }
}
