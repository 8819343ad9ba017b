package ai.robutler.portal.key;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.portal.Json;
import ai.robutler.portal.Times;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeSet;

/** What {@code GET /api/user} tells of the key that was sent: all that a gateway of another process has to know of it. */
public final class SentKeyJson {
    private SentKeyJson() {}

    /** The key without its secret. */
    public static ObjectNode of(KeyOwner key) {
        ObjectNode json = Json.object();
        json.put("id", key.keyId());
        json.put("userId", key.userId());
        json.put("admin", key.admin());
        json.put("agentId", key.agentId().orElse(null));
        json.set("allowedAgents", Json.array(new TreeSet<>(key.allowedAgents())));
        json.set("permissions", Json.array(new TreeSet<>(key.permissions())));
        json.put(
                "dailyRateLimit",
                key.dailyRateLimit().isEmpty() ? null : key.dailyRateLimit().getAsLong());
        json.put(
                "expiresAt",
                Times.text(key.expiresAt().map(time -> time.toEpochMilli()).orElse(null)));
        return json;
    }
}
