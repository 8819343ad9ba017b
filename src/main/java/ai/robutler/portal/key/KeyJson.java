package ai.robutler.portal.key;

import ai.robutler.portal.Json;
import ai.robutler.portal.Times;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How a key is told: never its secret. */
public final class KeyJson {
    private KeyJson() {}

    /** A key that was made just now. */
    public static ObjectNode ofNew(ApiKey key) {
        return of(key, OptionalLong.empty(), 0, key.times().createdAt());
    }

    /**
     * The key with all its fields.
     *
     * @param lastUsed when it was last used
     * @param spent credits that were spent with it, in millionths
     */
    static ObjectNode of(ApiKey key, OptionalLong lastUsed, long spent, long now) {
        ObjectNode json = Json.object();
        json.put("id", key.id());
        json.put("name", key.name());
        json.put("userId", key.userId());
        json.put("agentId", key.agentId().orElse(null));
        json.put("keyPrefix", key.keyPrefix());
        json.put("isActive", key.isActive(now));
        json.set("permissions", Json.array(key.permissions()));
        json.set("allowedAgents", Json.array(key.allowedAgents()));
        json.put("createdAt", Times.text(key.times().createdAt()));
        json.put("updatedAt", Times.text(key.times().updatedAt()));
        json.put("lastUsed", Times.text(boxed(lastUsed)));
        json.put("lastUsedAt", Times.text(boxed(lastUsed)));
        json.put("expiresAt", Times.text(boxed(key.times().expiresAt())));
        json.put("dailyRateLimit", boxed(key.dailyRateLimit()));
        json.putNull("dailyCreditLimit");
        json.putNull("sessionCreditLimit");
        json.put("spentCredits", Json.credits(spent));
        json.put("earnedCredits", 0);
        return json;
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isEmpty() ? null : value.getAsLong();
    }
}
