package ai.robutler.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server's own description, {@code openapi.json}, as a measure: an answer that differs from it fails the test.
 * Can be shared by threads.
 */
public final class OpenApiContract {
    private static final int SHOWN_CHARACTERS = 2_000;

    private final OpenApiDocument document;

    OpenApiContract(OpenApiDocument document) {
        this.document = document;
    }

    /** The contract of the document that the server ships. */
    public static OpenApiContract load() {
        return new OpenApiContract(OpenApiDocument.shipped());
    }

    /**
     * Checks an answer of {@code java.net.http}; its whole body must have been read.
     *
     * @throws AssertionError with every difference from the document
     */
    public void check(HttpResponse<String> answer) {
        String method = answer.request().method();
        String path = answer.uri().getRawPath();
        check(method, path, answer.statusCode(), answer.headers().map(), answer.body());
    }

    /**
     * Checks one answer: its status, headers, content type and body are those of the path's operation. Where the
     * document knows no operation, the answer must be its 404 or 405.
     *
     * @param path as requested; aliases, a trailing slash and a query are understood
     * @param headers of the answer, names in any case
     * @param body the whole body, empty when there was none
     * @throws AssertionError with every difference from the document
     */
    public void check(String method, String path, int status, Map<String, List<String>> headers, String body) {
        List<String> problems = new ArrayList<>();
        JsonNode responses = document.responses(method, path);
        JsonNode response = document.resolve(responses.path(String.valueOf(status)));
        if (response.isMissingNode()) {
            problems.add("status " + status + " is not described; these are: " + namesOf(responses));
        } else {
            checkAnswer(response, caseless(headers), body, problems);
        }
        throwIfAny(problems, method + " " + path + " -> " + status, body);
    }

    /**
     * Checks a JSON text against one of the document's schemas, such as {@code ChatCompletionRequest}.
     *
     * @throws AssertionError with every difference from the schema
     */
    public void checkSchema(String name, String json) {
        List<String> problems = new ArrayList<>();
        checkJson(document.resolve("#/components/schemas/" + name), json, name, problems);
        throwIfAny(problems, name, json);
    }

    private void checkAnswer(JsonNode response, Map<String, List<String>> headers, String body, List<String> problems) {
        JsonNode error = OpenApiDocument.readOrMissing(body).path("error");
        checkHeaders(response.path("headers"), headers, error.path("code"), problems);
        checkRetryAfter(headers, error.path("retry_after"), problems);
        JsonNode content = response.path("content");
        String type = String.join(", ", headers.getOrDefault("Content-Type", List.of("none")));
        JsonNode media = content.path(type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT));
        if (media.isMissingNode()) {
            media = content.path("*/*");
        }
        if (content.isMissingNode() && type.equals("none") && body.isEmpty()) {
            return;
        }
        if (media.isMissingNode()) {
            problems.add("content type " + type + " is not described; these are: " + namesOf(content));
            return;
        }
        checkHeaders(media.path("x-headers"), headers, MissingNode.getInstance(), problems);
        checkBody(media, type, body, problems);
    }

    private void checkHeaders(
            JsonNode described, Map<String, List<String>> headers, JsonNode errorCode, List<String> problems) {
        described.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode header = document.resolve(entry.getValue());
            List<String> values = headers.getOrDefault(name, List.of());
            boolean required = header.path("required").asBoolean() || isRequiredFor(header, errorCode);
            if (values.isEmpty() && required) {
                problems.add("header " + name + " is missing");
            }
            if (values.size() > 1) {
                problems.add("header " + name + " is there more than once: " + values);
            }
            JsonNode schema = header.path("schema");
            values.forEach(
                    value -> problems.addAll(document.validate(schema, headerValue(schema, value), "header " + name)));
        });
    }

    private void checkBody(JsonNode media, String type, String body, List<String> problems) {
        if (media.has("x-event-schema")) {
            new EventStreamContract(document, media).check(body, problems);
        } else if (type.startsWith("application/json")) {
            checkJson(media.path("schema"), body, "body", problems);
        } else {
            problems.addAll(document.validate(media.path("schema"), TextNode.valueOf(body), "body"));
        }
    }

    private void checkJson(JsonNode schema, String json, String what, List<String> problems) {
        JsonNode value = OpenApiDocument.readOrMissing(json);
        if (value.isMissingNode()) {
            problems.add(what + " is not JSON");
            return;
        }
        problems.addAll(document.validate(schema, value, what));
    }

    private static void checkRetryAfter(Map<String, List<String>> headers, JsonNode retryAfter, List<String> problems) {
        List<String> header = headers.getOrDefault("Retry-After", List.of());
        if (!retryAfter.isMissingNode() && !header.equals(List.of(retryAfter.asText()))) {
            problems.add("header Retry-After " + header + " is not error.retry_after " + retryAfter);
        }
    }

    private static boolean isRequiredFor(JsonNode header, JsonNode errorCode) {
        for (JsonNode code : header.path("x-required-for-codes")) {
            if (code.equals(errorCode)) {
                return true;
            }
        }
        return false;
    }

    /** A header's text as the type that its schema wants, if it can be read so. */
    private static JsonNode headerValue(JsonNode schema, String text) {
        String type = schema.path("type").asText();
        if (!type.equals("integer") && !type.equals("number")) {
            return TextNode.valueOf(text);
        }
        JsonNode number = OpenApiDocument.readOrMissing(text);
        return number.isNumber() ? number : TextNode.valueOf(text);
    }

    private static Map<String, List<String>> caseless(Map<String, List<String>> headers) {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        return copy;
    }

    private static String namesOf(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return String.join(", ", names);
    }

    private static void throwIfAny(List<String> problems, String what, String body) {
        if (problems.isEmpty()) {
            return;
        }
        String shown = body.length() <= SHOWN_CHARACTERS ? body : body.substring(0, SHOWN_CHARACTERS) + "...";
        throw new AssertionError(
                what + " differs from openapi.json:\n  - " + String.join("\n  - ", problems) + "\nIt was:\n" + shown);
    }
}
