package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** That 0.7 is what a person calls a match over HTTP too, on the pairs that judge the search. */
@ParameterizedClass
@EnumSource(Store.class)
@SuppressWarnings("NarrowCalculation")
final class IntentQualityTest {
    private static final int PAGE = 100;

    private final RunningPortal portal;
    private final Set<String> intents = new LinkedHashSet<>();
    private final Map<String, String> wanted = new LinkedHashMap<>();

    IntentQualityTest(Store store) throws IOException {
        portal = RunningPortal.shared(store);
        try (InputStream file = IntentQualityTest.class.getResourceAsStream("/search/pairs.jsonl")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            for (JsonNode pair : (Iterable<JsonNode>) text.lines().map(Json::read)::iterator) {
                String intent = pair.path("intent").asText("");
                if (!intent.isEmpty()) {
                    intents.add(intent);
                }
                if (pair.has("query")) {
                    wanted.put(pair.path("query").asText(), intent);
                }
            }
        }
    }

    @Test
    void search_atTheUsualThreshold_findsWhatBelongsTogether_andLittleElse() {
        String key = portal.newUserKey();
        publish(key);
        IntentsReady.await(portal);
        int right = 0;
        int wrong = 0;
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            List<String> found = search(key, each.getKey());
            boolean hit = found.contains(each.getValue());
            right += hit ? 1 : 0;
            wrong += found.size() - (hit ? 1 : 0);
        }
        long answerable =
                wanted.values().stream().filter(intent -> !intent.isEmpty()).count();

        assertThat((double) right / answerable).as("recall").isGreaterThanOrEqualTo(0.9);
        assertThat((double) wrong / (wanted.size() * intents.size() - answerable))
                .as("false matches")
                .isLessThanOrEqualTo(0.02);
    }

    private void publish(String key) {
        List<String> all = List.copyOf(intents);
        for (int first = 0; first < all.size(); first += PAGE) {
            ObjectNode body = Json.object();
            ArrayNode list = body.putArray("intents");
            all.subList(first, Math.min(all.size(), first + PAGE))
                    .forEach(intent -> list.addObject()
                            .put("intent", intent)
                            .put("agent_id", "pairs")
                            .put("url", "https://e.org"));
            portal.ok(key, "POST", "/api/intents/create", body.toString());
        }
    }

    private List<String> search(String key, String text) {
        ObjectNode question =
                Json.object().put("intent", text).put("agent_id", "pairs").put("top_k", PAGE);
        JsonNode answer = portal.ok(key, "POST", "/api/intents/search", question.toString());
        return StreamSupport.stream(answer.at("/data/results").spliterator(), false)
                .map(result -> result.path("intent").asText())
                .toList();
    }
}
