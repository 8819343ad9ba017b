package ai.robutler.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The contract of one stream of server-sent events, as strict as the least tolerant official client: events are
 * {@code data:} or {@code event: error} with {@code data:}, each ends with an empty line, the last is {@code [DONE]}.
 */
final class EventStreamContract {
    private static final String DONE = "[DONE]";
    private static final String ERROR = "event: error";
    private static final String DATA = "data: ";
    private static final List<String> SAME_IN_ALL = List.of("id", "created", "model");

    private final OpenApiDocument document;
    private final JsonNode eventSchema;
    private final JsonNode errorSchema;

    /** @param media the response's media type, with {@code x-event-schema} and {@code x-error-event-schema} */
    EventStreamContract(OpenApiDocument document, JsonNode media) {
        this.document = document;
        this.eventSchema = media.path("x-event-schema");
        this.errorSchema = media.path("x-error-event-schema");
    }

    private record Event(boolean isError, String data) {}

    /** Adds one message for each difference of a whole stream. */
    void check(String body, List<String> problems) {
        List<Event> events = read(body, problems);
        int last = events.size() - 1;
        if (last < 0 || !events.get(last).data().equals(DONE)) {
            problems.add("the stream's last event is not data: [DONE]");
        }
        List<JsonNode> chunks = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            Event event = events.get(i);
            if (!event.data().equals(DONE)) {
                checkData(event, "event " + (i + 1), chunks, problems);
            } else if (i < last) {
                problems.add("event " + (i + 1) + " is [DONE] and events follow");
            }
        }
        checkSame(chunks, problems);
    }

    private void checkData(Event event, String what, List<JsonNode> chunks, List<String> problems) {
        JsonNode value = OpenApiDocument.readOrMissing(event.data());
        if (value.isMissingNode()) {
            problems.add(what + " is not JSON: " + event.data());
            return;
        }
        problems.addAll(document.validate(event.isError() ? errorSchema : eventSchema, value, what));
        if (!event.isError()) {
            chunks.add(value);
        }
    }

    private static void checkSame(List<JsonNode> chunks, List<String> problems) {
        for (String field : SAME_IN_ALL) {
            long different =
                    chunks.stream().map(chunk -> chunk.path(field)).distinct().count();
            if (different > 1) {
                problems.add("chunks have different values of " + field);
            }
        }
    }

    private static List<Event> read(String body, List<String> problems) {
        if (!body.endsWith("\n\n")) {
            problems.add("the stream does not end with an empty line");
        }
        List<Event> events = new ArrayList<>();
        for (String block : body.split("\n\n", 0)) {
            List<String> lines =
                    block.lines().filter(line -> !line.startsWith(":")).toList();
            boolean isError = !lines.isEmpty() && lines.get(0).equals(ERROR);
            List<String> data = isError ? lines.subList(1, lines.size()) : lines;
            if (data.size() == 1 && data.get(0).startsWith(DATA)) {
                events.add(new Event(isError, data.get(0).substring(DATA.length())));
            } else if (!lines.isEmpty()) {
                problems.add("neither \"data: ...\" nor \"event: error\" and \"data: ...\": " + lines);
            }
        }
        return events;
    }
}
