package ai.robutler.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a running server's portal over HTTP. Whatever goes wrong becomes a {@link Failure} that names the fix. */
final class PortalClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_ANSWER = 64 * 1024 * 1024;

    private final URI base;
    private final String key;
    private final Duration timeout;
    private final Refusals refusals;
    private final HttpClient client;

    /** @param key empty when there is none */
    PortalClient(URI base, String key, Duration timeout) {
        this.base = base;
        this.key = key;
        this.timeout = timeout;
        this.refusals = new Refusals(base, key, timeout);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** One segment of a path or value of a query, encoded. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path with a query. */
    static String withQuery(String path, Map<String, String> query) {
        return query.isEmpty()
                ? path
                : path
                        + query.entrySet().stream()
                                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                                .collect(Collectors.joining("&", "?", ""));
    }

    JsonNode get(String path) {
        return call("GET", path, null);
    }

    JsonNode delete(String path) {
        return call("DELETE", path, null);
    }

    /** The answer to a call with or without JSON. */
    JsonNode call(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = request(path, timeout);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(method, BodyPublishers.ofString(body.toString()));
        }
        return json(request.build());
    }

    /**
     * The answer to an upload.
     *
     * @param longest how long it may take in all
     */
    JsonNode post(String path, String contentType, BodyPublisher body, Duration longest) {
        return json(request(path, timeout.plus(longest))
                .header("Content-Type", contentType)
                .POST(body)
                .build());
    }

    /** The bytes of a file; to be closed. */
    InputStream download(String path) {
        HttpResponse<InputStream> answer = send(request(path, timeout).GET().build());
        if (answer.statusCode() == 200) {
            return answer.body();
        }
        throw refusals.of(answer.statusCode(), answer.headers(), read(answer));
    }

    /** How long the server may be silent. */
    Duration timeout() {
        return timeout;
    }

    /** What a broken connection means. */
    Failure broken(IOException failure) {
        return refusals.unreachable(failure);
    }

    private HttpRequest.Builder request(String path, Duration longest) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(longest).header("Accept", "application/json");
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    private JsonNode json(HttpRequest request) {
        HttpResponse<InputStream> answer = send(request);
        JsonNode body = read(answer);
        if (answer.statusCode() < 200 || answer.statusCode() > 299) {
            throw refusals.of(answer.statusCode(), answer.headers(), body);
        }
        if (!body.isObject()) {
            throw refusals.notOurs();
        }
        return body;
    }

    private HttpResponse<InputStream> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (IOException failure) {
            throw refusals.unreachable(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Failure.here("stopped before the server answered; try again");
        }
    }

    private JsonNode read(HttpResponse<InputStream> answer) {
        try (InputStream body = new StallGuard(answer.body(), timeout)) {
            byte[] bytes = body.readNBytes(LONGEST_ANSWER);
            return JSON.readTree(bytes);
        } catch (JacksonException notJson) {
            return JSON.missingNode();
        } catch (IOException failure) {
            throw refusals.unreachable(failure);
        }
    }
}
