package ai.robutler.gateway.portal;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.api.portal.Portal;
import ai.robutler.api.portal.PortalAgent;
import ai.robutler.gateway.model.BoundedBody;
import ai.robutler.gateway.model.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A portal in another process, asked over HTTP. Follows no redirect, and reads no answer beyond 1 MiB. What is no answer of a
 * portal's, be it a page of a proxy's, is a failure and never taken for one.
 */
public final class RemotePortal implements Portal {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePortal.class);
    private static final int MOST_BYTES = 1 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,512}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final Secret ownKey;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * @param address where the portal is, checked before
     * @param ownKey the gateway's own API key, an admin's, which sees the instructions of all agents
     * @param timeout the longest wait for one answer, to its last byte
     */
    public RemotePortal(URI address, Secret ownKey, Duration timeout) {
        this.base = address.toString().replaceFirst("/+$", "");
        this.ownKey = ownKey;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
                .build();
    }

    @Override
    public Optional<KeyOwner> authenticate(String apiKey) {
        if (!KEY.matcher(apiKey).matches()) {
            return Optional.empty();
        }
        HttpResponse<byte[]> answer = get("/api/user", apiKey);
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(RemoteAnswers.keyOwner(json(answer)));
            case 401 -> Optional.empty();
            default -> throw failure(answer);
        };
    }

    @Override
    public Optional<PortalAgent> findAgent(String name) {
        HttpResponse<byte[]> answer = get("/api/agents/by-name/" + name, ownKey.value());
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(RemoteAnswers.agent(json(answer)));
            case 404 -> Optional.empty();
            case 429 -> {
                LOG.error("the portal limits this gateway; give its key a rule without limits in the portal's"
                        + " limits.yaml");
                throw failure(answer);
            }
            default -> throw failure(answer);
        };
    }

    private HttpResponse<byte[]> get(String path, String key) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + key)
                .header("Accept", "application/json")
                .GET()
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, head -> new BoundedBody(MOST_BYTES));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw unavailable("the portal did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException broken) {
            throw unavailable(String.valueOf(broken.getCause()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable("the wait was interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException notJson) {
            throw unavailable("the portal's answer is not JSON");
        }
    }

    private static ApiException failure(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == 429) {
            // of one key: PortalCalls keeps it from counting against the portal itself
            return ApiException.of(ErrorCode.RATE_LIMITED, "The portal was asked too often")
                    .withRetryAfter(answer.headers()
                            .firstValue("Retry-After")
                            .filter(seconds -> seconds.matches("\\d{1,6}"))
                            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                            .orElse(AGAIN));
        }
        if (status == 401 || status == 403) {
            LOG.error("the portal refuses the gateway's own key (portal.api-key) with {}", status);
        }
        return unavailable("the portal answered with status " + status);
    }

    /** The reason is for the log; callers are told no more than that the portal cannot be asked. */
    static ApiException unavailable(String reason) {
        return ApiException.of(ErrorCode.UNAVAILABLE, reason).withRetryAfter(AGAIN);
    }
}
