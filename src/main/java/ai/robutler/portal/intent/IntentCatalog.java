package ai.robutler.portal.intent;

import ai.robutler.portal.search.PhraseIndex;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All intents in memory, as the index searches them; of two versions of one the later stays. */
final class IntentCatalog {
    /** Their collection in the index; an entry's id is the intent's. */
    static final String COLLECTION = "intents";

    private final Map<String, Listed> listed = new ConcurrentHashMap<>();
    private final PhraseIndex index;

    IntentCatalog(PhraseIndex index) {
        this.index = index;
    }

    /** Adds an intent, or replaces an older version of it. An intent's sentence never changes. */
    void put(Listed intent) {
        listed.compute(intent.id(), (id, before) -> {
            if (before == null) {
                index.put(COLLECTION, id, List.of(intent.intent()));
                return intent;
            }
            return before.updatedAt() > intent.updatedAt() ? before : intent;
        });
    }

    Optional<Listed> find(String id) {
        return Optional.ofNullable(listed.get(id));
    }

    /** Forgets intents that are no longer stored. */
    void remove(Collection<String> ids) {
        removeOlder(ids, Long.MAX_VALUE);
    }

    /** The same, except for those that were published at or after this time. */
    void removeOlder(Collection<String> ids, long time) {
        for (String gone : ids) {
            listed.computeIfPresent(gone, (id, known) -> {
                if (known.updatedAt() >= time) {
                    return known;
                }
                index.remove(COLLECTION, id);
                return null;
            });
        }
    }

    /** The ids of all intents of an agent of this portal. */
    List<String> ofAgent(String agentId) {
        return listed.values().stream()
                .filter(intent -> intent.ofAgent().filter(agentId::equals).isPresent())
                .map(Listed::id)
                .toList();
    }

    /** The ids as they are now. */
    Set<String> ids() {
        return Set.copyOf(listed.keySet());
    }
}
