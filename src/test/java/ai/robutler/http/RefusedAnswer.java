package ai.robutler.http;

import ai.robutler.support.RawHttp;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What every refusal is: a 4xx in the gateway's error envelope, under a request id, with nothing of our inside in it. */
final class RefusedAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> INSIDE =
            Set.of("Exception", "at org.", "at io.", "java.", "jdbc:", "/home", "/work");

    private RefusedAnswer() {}

    /** What is wrong with the answer to a bad request; empty when nothing is. */
    static List<String> problems(RawHttp.Response answer, boolean toHead) {
        List<String> problems = new ArrayList<>();
        if (answer.status() < 400 || answer.status() > 499) {
            problems.add("status " + answer.status());
        }
        if (answer.header("X-Request-ID").orElse("").isEmpty()) {
            problems.add("no X-Request-ID");
        }
        if (!answer.header("Content-Type").equals(Optional.of("application/json"))) {
            problems.add("Content-Type " + answer.header("Content-Type"));
        }
        if (!toHead) {
            envelope(answer.body(), problems);
        }
        return problems;
    }

    private static void envelope(String body, List<String> problems) {
        INSIDE.stream().filter(body::contains).forEach(word -> problems.add("tells of '" + word + "'"));
        try {
            JsonNode tree = JSON.readTree(body);
            JsonNode error = tree.path("error");
            if (!error.path("type").isTextual()
                    || !error.path("code").isTextual()
                    || !error.path("message").isTextual()
                    || !error.has("param")
                    || !tree.path("detail").equals(error.path("message"))) {
                problems.add("not the error envelope: " + body);
            }
        } catch (JsonProcessingException e) {
            problems.add("not JSON: " + body);
        }
    }
}
