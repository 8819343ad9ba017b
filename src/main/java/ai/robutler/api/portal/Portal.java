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
     * Notes that a request was made with a valid key; never waits and never fails.
     *
     * @param keyId as told by {@link #authenticate}
     */
    default void keyUsed(String keyId) {
        // a portal that counts by itself has nothing to do
    }

    /**
     * The dynamic agent of that name, private ones included: who may call it is the gateway's question.
     *
     * @param name in lower case
     * @return empty when there is none
     */
    Optional<PortalAgent> findAgent(String name);

    /**
     * The name of the agent of that id, for those who know it by its id only.
     *
     * @return empty when there is none, or the portal is another process
     */
    default Optional<String> agentName(String id) {
        return Optional.empty();
    }
}
