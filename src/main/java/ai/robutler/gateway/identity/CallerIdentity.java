package ai.robutler.gateway.identity;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.ErrorWriter;
import ai.robutler.http.HttpCall;
import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * The {@code callerIdentity} bean: reads who sent a request from its real HTTP headers; a query parameter or a form field
 * never counts.
 */
public final class CallerIdentity {
    private static final String BEARER = "Bearer ";
    private static final Pattern USER_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final List<String> ONCE =
            List.of("Authorization", "X-API-Key", "X-User-ID", "X-Origin-User-ID", "X-Payment-Token");

    private final Function<String, CompletionStage<Optional<Principal>>> keys;
    private final TrustedProxies proxies;
    private final AuthFailures failures;
    private final Consumer<Principal> used;

    /**
     * @param keys whose key it is; empty when it is not accepted; fails with an ApiException when that cannot be found out
     * @param proxies whose X-Forwarded-For is believed
     * @param failures how many wrong keys are looked up
     * @param used told of each request that is made with a valid key, once it is within its caller's limits
     */
    public CallerIdentity(
            Function<String, CompletionStage<Optional<Principal>>> keys,
            TrustedProxies proxies,
            AuthFailures failures,
            Consumer<Principal> used) {
        this.failures = failures;
        this.used = used;
        this.keys = keys;
        this.proxies = proxies;
    }

    /**
     * Sets the variables {@code caller} and {@code requestId}; at once unless the portal has to be asked. A refused key is
     * told of by {@link #authenticate}.
     */
    public CompletionStage<?> identify(Exchange exchange) {
        HttpCall call = HttpCall.of(exchange);
        exchange.setVariable("requestId", call.requestId());
        return identify(call).thenAccept(caller -> exchange.setVariable("caller", caller));
    }

    /** Passes unless the caller sent a key that is not accepted: 401, or 429 after too many of them. */
    public void authenticate(@Variable("caller") Caller caller) {
        ApiException refusal = caller.refusal();
        if (refusal != null) {
            throw refusal;
        }
        caller.principal().ifPresent(used);
    }

    private CompletionStage<Caller> identify(HttpCall call) {
        MultiMap headers = call.request().headers();
        SocketAddress socket = call.request().remoteAddress();
        String address = proxies.callerAddress(
                socket == null || socket.hostAddress() == null ? "unknown" : socket.hostAddress(),
                headers.getAll("X-Forwarded-For"));
        for (String name : ONCE) {
            if (headers.getAll(name).size() > 1) {
                return completed(refused(
                        address, ApiException.inField(name, "The header " + name + " stands twice; send it once")));
            }
        }
        Optional<String> key;
        try {
            key = apiKey(headers);
        } catch (ApiException refusal) {
            return completed(refused(address, refusal));
        }
        if (key.isEmpty()) {
            return completed(
                    new Caller(address, Optional.empty(), userId(headers, "X-User-ID"), Optional.empty(), null));
        }
        return failures.find(address, key.get(), keys).handle((principal, failure) -> {
            if (failure != null) {
                return refused(address, ErrorWriter.asApiException(failure));
            }
            return principal.isEmpty()
                    ? refused(address, invalid("The API key is unknown, revoked or expired"))
                    : known(address, principal, headers);
        });
    }

    private static CompletionStage<Caller> completed(Caller caller) {
        return CompletableFuture.completedFuture(caller);
    }

    private static Caller known(String address, Optional<Principal> principal, MultiMap headers) {
        return new Caller(address, principal, userId(headers, "X-User-ID"), userId(headers, "X-Origin-User-ID"), null);
    }

    private static Caller refused(String address, ApiException why) {
        return new Caller(address, Optional.empty(), Optional.empty(), Optional.empty(), why);
    }

    /** The API key that the request carries; never logged. Fails with 401 for another kind of authorization. */
    public static Optional<String> apiKey(MultiMap headers) {
        String authorization = headers.get("Authorization");
        if (authorization != null && !authorization.isBlank()) {
            if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                throw invalid("Authorization must be 'Bearer <API key>'");
            }
            return Optional.of(authorization.substring(BEARER.length()).trim()).filter(key -> !key.isEmpty());
        }
        return Optional.ofNullable(headers.get("X-API-Key")).map(String::trim).filter(key -> !key.isEmpty());
    }

    private static ApiException invalid(String message) {
        return ApiException.of(ErrorCode.INVALID_API_KEY, message).withHeader("WWW-Authenticate", "Bearer");
    }

    private static Optional<String> userId(MultiMap headers, String name) {
        return Optional.ofNullable(headers.get(name))
                .filter(id -> USER_ID.matcher(id).matches());
    }
}
