package ai.robutler.gateway.usage;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The first so many values of a meter's label; every further one is {@code other}, so that no caller can make series. */
final class BoundedNames {
    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    BoundedNames(int most) {
        this.most = most;
    }

    /** The value itself, or {@code other}. */
    String of(String name) {
        if (known.contains(name)) {
            return name;
        }
        if (known.size() >= most) {
            return "other";
        }
        known.add(name);
        return name;
    }
}
