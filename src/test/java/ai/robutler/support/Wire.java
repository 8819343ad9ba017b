package ai.robutler.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Requests and answers as they are on the wire. The files under {@code wire/} are the examples of seed 003 with what
 * gateway.md adds to them: {@code detail}, {@code param} and {@code limit} of errors, the further fields of
 * {@code /health} and {@code /health/detailed}. Where the seed has no example they are gateway.md's own shapes: agents,
 * models, control and chat endpoint.
 */
public final class Wire {
    private Wire() {}

    /** Headers of a JSON answer and, in turn, names and values of more. */
    public static Map<String, List<String>> json(String... more) {
        return headers("application/json", more);
    }

    /** Headers in lower case, as HTTP/2 has them: content type, request id and, in turn, names and values of more. */
    public static Map<String, List<String>> headers(String type, String... more) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("content-type", List.of(type));
        headers.put("x-request-id", List.of("req_0123456789abcdef01234567"));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], List.of(more[i + 1]));
        }
        return headers;
    }

    /** The text of a file under {@code wire/}, such as {@code chat-request.json}. */
    public static String read(String file) {
        String path = "/wire/" + file;
        try (InputStream in = Objects.requireNonNull(Wire.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
