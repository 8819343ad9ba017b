package ai.robutler.gateway.identity;

import ai.robutler.api.ApiException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request. Holds no secret.
 *
 * @param address the caller's IP address: the socket's, or what trusted proxies say
 * @param principal the account of a valid API key; empty for an anonymous caller
 * @param endUserId {@code X-User-ID}: the end user at the caller's side
 * @param originUserId {@code X-Origin-User-ID}, taken from authenticated callers only: who started the chain
 * @param refusal why the sent key is not accepted; null when none was sent or it is valid
 */
public record Caller(
        String address,
        Optional<Principal> principal,
        Optional<String> endUserId,
        Optional<String> originUserId,
        @Nullable ApiException refusal) {

    /**
     * What the request is counted under, the narrowest first. An end user named by an authenticated caller has a count
     * of his own within the caller's; one named by anybody else is counted as the address that named him.
     */
    public List<String> limitIdentities() {
        if (principal.isEmpty()) {
            return List.of("ip:" + address);
        }
        String user = "user:" + principal.get().userId();
        return endUserId.map(id -> List.of(user + "/" + id, user)).orElseGet(() -> List.of(user));
    }

    /** The one identity that limits and idempotency keys are kept under. */
    public String identity() {
        return limitIdentities().get(0);
    }

    /** The kind of the identity: {@code user} or {@code ip}; bounded, so it may label a meter. */
    public String kind() {
        return principal.isEmpty() ? "ip" : "user";
    }
}
