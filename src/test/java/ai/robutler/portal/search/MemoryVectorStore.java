package ai.robutler.portal.search;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A store that outlives an index, not the process. */
final class MemoryVectorStore implements VectorStore {
    final Map<String, float[]> vectors = new ConcurrentHashMap<>();

    @Override
    public Map<String, float[]> load(Collection<String> keys) {
        assertBounded(keys.size());
        Map<String, float[]> known = new HashMap<>(vectors);
        known.keySet().retainAll(keys);
        return known;
    }

    @Override
    public void save(Map<String, float[]> made) {
        assertBounded(made.size());
        vectors.putAll(made);
    }

    private static void assertBounded(int size) {
        if (size < 1 || size > 256) {
            throw new AssertionError("asked for " + size + " vectors at once");
        }
    }
}
