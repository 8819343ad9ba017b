package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One command's server and output.
 *
 * @param client asks the server
 * @param output shows its answers
 */
record Session(PortalClient client, Output output) {

    /** Shows the record that the answer holds under a name, or the answer itself. */
    int show(JsonNode answer, String name) {
        output.show(answer.path(name).isObject() ? answer.path(name) : answer);
        return ExitCode.OK;
    }

    /** Shows a record with the key that is told this once only. */
    int showWithKey(JsonNode answer, String name, String keyField) {
        JsonNode found = answer.path(name).isObject() ? answer.path(name) : answer;
        ObjectNode shown = found.deepCopy();
        String key = answer.path(keyField).asText();
        if (!key.isEmpty()) {
            shown.put(keyField, key);
        }
        output.show(shown);
        if (!key.isEmpty()) {
            output.note("Keep " + keyField + " now: it is not told again.");
        }
        return ExitCode.OK;
    }

    /** Says that something was done. */
    int done(String what) {
        output.note(what);
        return ExitCode.OK;
    }

    /** Shows the records of an answer that has no pages. */
    int list(JsonNode records, List<Column> columns, int limit) {
        List<JsonNode> all = new ArrayList<>();
        records.forEach(all::add);
        output.list(columns, all.subList(0, Math.min(limit, all.size())));
        if (all.size() > limit) {
            output.note(limit + " of " + all.size() + " shown; see more with --limit or --all");
        }
        return ExitCode.OK;
    }

    /** Shows the records of as many pages as are wanted. */
    int pages(Listing listing, List<Column> columns, Paging paging) {
        RecordWriter writer = output.list(columns);
        Map<String, String> asked = new LinkedHashMap<>(listing.query());
        int left = paging.limit();
        while (true) {
            asked.put("limit", Integer.toString(Math.min(left, Paging.LARGEST_PAGE)));
            String path = PortalClient.withQuery(listing.path(), asked);
            JsonNode answer = client.call(listing.body() == null ? "GET" : "POST", path, listing.body());
            List<JsonNode> records = new ArrayList<>();
            answer.path(listing.field()).forEach(records::add);
            List<JsonNode> wanted = records.subList(0, Math.min(left, records.size()));
            if (!wanted.isEmpty()) {
                writer.page(wanted);
            }
            left -= wanted.size();
            String next = answer.path("next_cursor").isTextual()
                    ? answer.path("next_cursor").asText()
                    : "";
            boolean last = next.isEmpty() || records.isEmpty() || next.equals(asked.put("cursor", next));
            if (last && records.size() == wanted.size()) {
                writer.end();
                return ExitCode.OK;
            }
            if (left <= 0) {
                writer.end();
                return done(paging.limit() + " shown, there are more; see them with --limit or --all");
            }
        }
    }

    /**
     * A list of the portal's.
     *
     * @param path where it is asked for
     * @param query what it is narrowed down by
     * @param body for a list that is asked for with POST; null for GET
     * @param field where the answer has the records
     */
    record Listing(
            String path,
            Map<String, String> query,
            @Nullable JsonNode body,
            String field) {
        Listing(String path, String field) {
            this(path, Map.of(), null, field);
        }

        /** Keeps a copy, in order. */
        Listing {
            query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        }
    }
}
