package ai.robutler.api.portal;

import java.util.Optional;

/**
 * The boundary between the two halves: all that the gateway asks of the portal, in the same process or over HTTP. Nothing
 * else of the portal's is known to the gateway.
 *
 * <p>A call fails with an {@link ai.robutler.api.ApiException} of 503 service_unavailable when the portal cannot be asked;
 * it never takes that for an answer.
 */
public interface Portal {

    /**
     * Whose API key this is.
     *
     * @param apiKey the key as the caller sent it; never logged
     * @return empty when the key is unknown, revoked or expired
     */
    Optional<KeyOwner> authenticate(String apiKey);

    /**
     * The owner of an API key.
     *
     * @param keyId names the key; not its secret
     * @param userId the user that it belongs to
     * @param admin whether the user may do everything
     */
    record KeyOwner(String keyId, String userId, boolean admin) {}
}
