package ai.robutler.gateway.model;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An OpenAI-compatible upstream.
 *
 * @param name what the operator calls it; names its breaker and labels meters
 * @param baseUrl up to and without {@code /chat/completions}, such as {@code https://api.openai.com/v1}
 * @param apiKey sent as a bearer token; none is sent when it is empty
 * @param models what it serves: names, or patterns with one {@code *} at the end; empty means any model
 * @param defaultModel what an agent gets that names no model; empty when the provider has none
 * @param headers sent with every call
 * @param timeouts how long it is waited for
 * @param weight its share of the calls where several serve a model, 1 or more
 */
public record Provider(
        String name,
        URI baseUrl,
        Secret apiKey,
        List<String> models,
        String defaultModel,
        Map<String, String> headers,
        Timeouts timeouts,
        int weight) {

    /** Copies the collections. */
    public Provider {
        models = List.copyOf(models);
        headers = Map.copyOf(headers);
    }

    /** The name under which the provider knows the model: without a prefix that is the provider's own name. */
    public String upstreamName(String model) {
        String prefix = name + "/";
        return model.startsWith(prefix) ? model.substring(prefix.length()) : model;
    }

    /** Whether the provider serves a model of that name. */
    public boolean serves(String model) {
        if (model.startsWith(name + "/") && (models.isEmpty() || matches(upstreamName(model)))) {
            return true;
        }
        return !models.isEmpty() && matches(model);
    }

    private boolean matches(String model) {
        return models.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? model.startsWith(pattern.substring(0, pattern.length() - 1))
                        : model.equals(pattern));
    }

    /** Leaves the headers' values out: they may be secrets. */
    @Override
    public String toString() {
        return "Provider[" + name + " " + baseUrl + " models=" + models + "]";
    }

    /**
     * How long a provider is waited for.
     *
     * @param connect to the connection
     * @param firstByte from the request to the first byte of the answer, of a stream to its first event
     * @param idle between two parts of the answer
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle) {}
}
