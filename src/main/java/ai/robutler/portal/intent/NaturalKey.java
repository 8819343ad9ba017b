package ai.robutler.portal.intent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes an intent the same when it is published again: a digest, as sentences are too long for an index. */
final class NaturalKey {

    private NaturalKey() {}

    /**
     * Of one that a user has published.
     *
     * @param agent the agent's id if it is one of this portal, else what the publisher calls it
     */
    static String published(String userId, String agent, String intent) {
        return digest("published\n" + userId + '\n' + agent.length() + '\n' + agent + '\n' + intent);
    }

    /** Of an entry of an agent's own list. */
    static String ofList(String agentId, String intent) {
        return digest("list\n" + agentId + '\n' + intent);
    }

    private static String digest(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
