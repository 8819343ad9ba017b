package ai.robutler.portal.key;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an API key may be limited to. A key without any permission may do everything that its user may. */
public enum Permission {
    /** Everything, for a key of an admin's; without it, a limited key of an admin's is as any user's. */
    ADMIN,
    /** The own agents, and keys for them. */
    AGENTS,
    /** Having agents answer. */
    CHAT,
    /** The own files. */
    CONTENT,
    /** The own intents. */
    INTENTS,
    /** Seeing and revoking keys; making them takes a key without limits. */
    KEYS,
    /** Reading whatever may be read, and searching. */
    READ,
    /** The own account: credits, transactions, integrations. */
    USER;

    /** As it is written in requests and answers. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The permission of that name; empty when there is none. */
    public static Optional<Permission> of(String text) {
        return Arrays.stream(values())
                .filter(permission -> permission.text().equals(text))
                .findFirst();
    }

    /** All of them as they are written. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(Permission::text).toList();
    }
}
