package ai.robutler;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.gateway.identity.CallerIdentity;
import ai.robutler.gateway.identity.Principal;
import ai.robutler.http.HttpCall;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Seal;
import ai.robutler.portal.key.KeyAccess;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** The {@code portalRequests} bean: makes of an HTTP request the one argument that the portal's operations take. */
public final class PortalRequests {
    private static final String KEY_NEEDED = "An API key is needed: send Authorization: Bearer <key>";

    private final ObjectMapper json;

    /** @param maxDepth deepest nesting of a body's JSON */
    public PortalRequests(int maxDepth) {
        this.json = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        json.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .build());
    }

    /** For callers with or without a key; one that may not do this counts for nothing. */
    public void withoutKey(@Variable("caller") Caller caller, Exchange exchange) {
        set(exchange, owner(caller).filter(owner -> KeyAccess.isAllowed(owner, method(exchange), path(exchange))));
    }

    /** For callers with a key that may do this. Fails with 401 or 403. */
    public void withKey(@Variable("caller") Caller caller, Exchange exchange) {
        KeyOwner owner = owner(caller)
                .orElseThrow(() -> ApiException.of(ErrorCode.MISSING_API_KEY, KEY_NEEDED)
                        .withHeader("WWW-Authenticate", "Bearer"));
        KeyAccess.require(owner, method(exchange), path(exchange));
        set(exchange, Optional.of(owner));
    }

    /** For admins. Fails with 401 or 403. */
    public void asAdmin(@Variable("caller") Caller caller, Exchange exchange) {
        withKey(caller, exchange);
        if (!caller.principal().map(Principal::admin).orElse(false)) {
            throw ApiException.of(ErrorCode.ACCESS_DENIED, "Only an admin may do this");
        }
    }

    private static Optional<KeyOwner> owner(Caller caller) {
        return caller.principal().flatMap(Principal::portal);
    }

    private static String method(Exchange exchange) {
        return HttpCall.of(exchange).request().method().name();
    }

    private static String path(Exchange exchange) {
        return HttpCall.of(exchange).path();
    }

    private void set(Exchange exchange, Optional<KeyOwner> owner) {
        HttpCall call = HttpCall.of(exchange);
        ApiException unread = call.readFailure();
        if (unread != null) {
            throw unread;
        }
        HttpServerRequest request = call.request();
        MultiMap headers = request.headers();
        PortalRequest made = new PortalRequest(
                request.method().name(),
                call.path(),
                call.pathParameters(),
                query(request),
                body(headers.get("Content-Type"), exchange.getMessage().getBody(byte[].class)),
                owner,
                Optional.ofNullable(headers.get("Idempotency-Key")).filter(key -> !key.isBlank()),
                CallerIdentity.apiKey(headers).map(Seal::of),
                call.requestId());
        exchange.getMessage().setBody(made);
    }

    private static Map<String, List<String>> query(HttpServerRequest request) {
        Map<String, List<String>> query = new HashMap<>();
        try {
            query.putAll(new QueryStringDecoder(request.uri()).parameters());
        } catch (IllegalArgumentException broken) {
            throw ApiException.of(ErrorCode.INVALID_REQUEST, "The query of the address cannot be decoded");
        }
        return query;
    }

    private ObjectNode body(@Nullable String type, byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return json.createObjectNode();
        }
        if (type != null && !type.toLowerCase(Locale.ROOT).matches("(application/json|text/plain)\\s*(;.*)?")) {
            throw ApiException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is read as application/json");
        }
        try {
            JsonNode tree = json.readTree(body);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw ApiException.of(ErrorCode.INVALID_JSON, "The body must be a JSON object");
        } catch (JsonProcessingException broken) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The body is not valid JSON" + place(broken));
        } catch (IOException unread) {
            throw ApiException.of(ErrorCode.INVALID_JSON, "The body is not JSON");
        }
    }

    private static String place(JsonProcessingException broken) {
        JsonLocation at = broken.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
