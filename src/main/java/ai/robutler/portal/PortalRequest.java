package ai.robutler.portal;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request to the portal, read and authenticated: the one argument of every operation.
 *
 * @param method GET, POST and so on
 * @param path the path as requested, without its query
 * @param pathParameters what stands for the path's placeholders, by their names
 * @param query the query's parameters, decoded
 * @param body the JSON body; an empty object when there was none
 * @param caller whose API key was sent; empty for a caller without one
 * @param idempotencyKey the header {@code Idempotency-Key}
 * @param seal encrypts what only this caller may read again; empty for a caller without a key
 * @param requestId names the request in logs
 */
public record PortalRequest(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, List<String>> query,
        ObjectNode body,
        Optional<KeyOwner> caller,
        Optional<String> idempotencyKey,
        Optional<Seal> seal,
        String requestId) {

    /** The caller's key. Fails with 401. */
    public KeyOwner owner() {
        return caller.orElseThrow(() -> ApiException.of(
                        ErrorCode.MISSING_API_KEY, "An API key is needed: send Authorization: Bearer <key>")
                .withHeader("WWW-Authenticate", "Bearer"));
    }

    /** The user whose key was sent. Fails with 401. */
    public String userId() {
        return owner().userId();
    }

    /** Whether the caller may do everything. */
    public boolean isAdmin() {
        return caller.map(KeyOwner::admin).orElse(false);
    }

    /** Whether the caller may see what belongs to that user. */
    public boolean mayAct(String userId) {
        return isAdmin() || caller.map(owner -> owner.userId().equals(userId)).orElse(false);
    }

    /** What stands for a placeholder of the path. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route's path has no {" + name + "}");
        }
        return value;
    }

    /** The first value of a query parameter; an empty one counts as absent. */
    public Optional<String> query(String name) {
        return query.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    /** The body's fields. */
    public Fields fields() {
        return new Fields(body);
    }

    /** Leaves body and query out: they may hold a secret. */
    @Override
    public String toString() {
        return method + " " + path + " requestId=" + requestId;
    }
}
