package ai.robutler.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Looks for a model server on this machine, such as Ollama or llama.cpp, at a few known addresses.
 *
 * <p>A gateway of ours answers the same question in the same shape; its models are {@code owned_by: robutler}, and it is
 * passed over, else a gateway could end up asking itself.
 */
public final class LocalModelProbe {
    private static final String OURSELVES = "robutler";
    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private final ObjectMapper json = new ObjectMapper();
    private final List<URI> modelLists;
    private final List<String> baseUrls;
    private final Duration timeout;

    /**
     * A model server that answered.
     *
     * @param baseUrl its address, as it was given
     * @param models the names of its models, in its order; one at least
     */
    public record Found(String baseUrl, List<String> models) {
        /** Copies the names. */
        public Found {
            models = List.copyOf(models);
        }
    }

    /**
     * A probe of these addresses.
     *
     * @param baseUrls OpenAI base URLs, best first, as in {@code http://127.0.0.1:11434/v1}
     * @param timeout the most that {@link #find} takes in all
     * @throws IllegalArgumentException when an address is no HTTP URL, or the timeout not positive
     */
    public LocalModelProbe(List<String> baseUrls, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive: " + timeout);
        }
        this.baseUrls = List.copyOf(baseUrls);
        this.modelLists = this.baseUrls.stream().map(LocalModelProbe::modelList).toList();
        this.timeout = timeout;
    }

    /** Asks all addresses at once, and waits. Gives the first in the list's order that has a model. */
    public Optional<Found> find() {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(timeout)
                .build();
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
        for (URI modelList : modelLists) {
            calls.add(call(client, modelList));
        }
        try {
            return firstFound(calls, deadlineNanos);
        } finally {
            calls.forEach(call -> call.cancel(true));
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> call(HttpClient client, URI modelList) {
        HttpRequest request = HttpRequest.newBuilder(modelList)
                .header("Accept", "application/json")
                .build();
        return client.sendAsync(request, response -> new BoundedBody(MAX_ANSWER_BYTES));
    }

    private Optional<Found> firstFound(List<CompletableFuture<HttpResponse<byte[]>>> calls, long deadlineNanos) {
        for (int i = 0; i < calls.size(); i++) {
            Optional<List<String>> models = answer(calls.get(i), deadlineNanos).flatMap(this::models);
            if (models.isPresent()) {
                return Optional.of(new Found(baseUrls.get(i), models.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<HttpResponse<byte[]>> answer(
            CompletableFuture<HttpResponse<byte[]>> call, long deadlineNanos) {
        long left = Math.max(0, deadlineNanos - System.nanoTime());
        try {
            return Optional.of(call.copy().orTimeout(left, TimeUnit.NANOSECONDS).join());
        } catch (CompletionException | CancellationException e) {
            return Optional.empty();
        }
    }

    private Optional<List<String>> models(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            return Optional.empty();
        }
        JsonNode data = read(answer.body()).path("data");
        if (!data.isArray()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (JsonNode model : data) {
            if (model.path("owned_by").asText().equals(OURSELVES)) {
                return Optional.empty();
            }
            if (model.path("id").isTextual() && !model.path("id").textValue().isBlank()) {
                names.add(model.path("id").textValue());
            }
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    private JsonNode read(byte[] body) {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            return json.missingNode();
        }
    }

    private static URI modelList(String baseUrl) {
        URI uri = URI.create(baseUrl.replaceAll("/+$", "") + "/models");
        boolean overHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!overHttp || uri.getHost() == null) {
            throw new IllegalArgumentException("not an HTTP URL: " + baseUrl);
        }
        return uri;
    }
}
