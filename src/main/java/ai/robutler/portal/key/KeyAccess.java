package ai.robutler.portal.key;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a key may do under {@code /api}; the one place that decides it.
 *
 * <ul>
 *   <li>A key without permissions may do everything that its user may; one with permissions what they name, and nothing
 *       where there is no permission for it; but each may ask who it is ({@code GET /api/user}).
 *   <li>Keys are made and rotated only with a key without any limit of its own (permissions, allowed agents, requests a day):
 *       else who has a limited key could make himself one without limits.
 *   <li>A key that belongs to an agent acts for the agent's owner, and only so far: it sees who its user is and what credits
 *       he has, reads and searches agents, publishes and deletes intents, and reads and uploads content. It changes no
 *       agent, no file that is there, no key and no user, spends nothing of the account, and has no admin's rights.
 * </ul>
 */
public final class KeyAccess {
    private static final Map<String, Permission> PERMISSIONS = Map.of(
            "user", Permission.USER,
            "users", Permission.ADMIN,
            "admin", Permission.ADMIN,
            "api-keys", Permission.KEYS,
            "agents", Permission.AGENTS,
            "intents", Permission.INTENTS,
            "content", Permission.CONTENT);
    private static final Set<String> OPEN_TO_ALL = Set.of("health", "config");
    private static final Set<String> AGENT_READS = Set.of("agents", "intents", "content");
    private static final Set<String> AGENT_SEES = Set.of("/api/user", "/api/user/credits");

    private KeyAccess() {}

    /** Passes a request that the key may make. Fails with 403. */
    public static void require(KeyOwner owner, String method, String path) {
        if (!isAllowed(owner, method, path)) {
            throw ApiException.of(
                    ErrorCode.ACCESS_DENIED,
                    owner.agentId().isPresent()
                            ? "The key of an agent may not do this; use a key of its owner's"
                            : "This API key has no permission to do this");
        }
    }

    /** Whether the key may make the request. */
    public static boolean isAllowed(KeyOwner owner, String method, String path) {
        String[] parts = path.split("/", -1);
        String area = parts.length > 2 ? parts[2] : "";
        if (OPEN_TO_ALL.contains(area) || (method.equals("GET") && path.equals("/api/user"))) {
            return true;
        }
        boolean reads = isRead(method, path);
        if (owner.agentId().isPresent() && !agentMay(area, method, path, reads)) {
            return false;
        }
        if (area.equals("api-keys") && !reads && !method.equals("DELETE") && isLimited(owner)) {
            return false;
        }
        return owner.permissions().isEmpty()
                || (reads && owner.permits(Permission.READ.text()))
                || Optional.ofNullable(PERMISSIONS.get(area))
                        .map(permission -> owner.permits(permission.text()))
                        .orElse(false);
    }

    private static boolean agentMay(String area, String method, String path, boolean reads) {
        return switch (area) {
            case "user" -> reads && AGENT_SEES.contains(path);
            case "intents" -> true;
            case "content" -> reads || method.equals("POST");
            default -> reads && AGENT_READS.contains(area) && !path.endsWith("/api-key");
        };
    }

    private static boolean isLimited(KeyOwner owner) {
        return !owner.permissions().isEmpty()
                || !owner.allowedAgents().isEmpty()
                || owner.dailyRateLimit().isPresent();
    }

    private static boolean isRead(String method, String path) {
        return method.equals("GET")
                || method.equals("HEAD")
                || (method.equals("POST") && (path.endsWith("/search") || path.endsWith("/list")));
    }
}
