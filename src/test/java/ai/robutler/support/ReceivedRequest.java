package ai.robutler.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as the fake model got it.
 *
 * @param method the HTTP method
 * @param path path and query
 * @param headers all values by lower-case header name
 * @param body the JSON body; a missing node when there was none or it was not JSON
 * @param text the body as it came
 * @param atNanos {@link System#nanoTime()} when the whole body was there
 */
public record ReceivedRequest(
        String method, String path, Map<String, List<String>> headers, JsonNode body, String text, long atNanos) {

    /** The first value of a header, of any case. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** The model that was asked for; empty text when the body names none. */
    public String model() {
        return body.path("model").asText("");
    }

    /** Whether an event stream was asked for. */
    public boolean stream() {
        return body.path("stream").asBoolean(false);
    }

    /** Whether the stream's usage chunk was asked for. */
    public boolean includeUsage() {
        return body.path("stream_options").path("include_usage").asBoolean(false);
    }
}
