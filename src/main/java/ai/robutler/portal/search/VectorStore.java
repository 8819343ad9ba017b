package ai.robutler.portal.search;

import java.util.Collection;
import java.util.Map;

/**
 * Where vectors outlive the process, so that nothing is embedded twice. Keys are {@link VectorKey}s: 64 hexadecimal
 * digits, the same for the same phrase and model. Called by one background thread, never by a request; a
 * {@link RuntimeException} costs nothing but the work of embedding again.
 */
public interface VectorStore {

    /** The vectors known among these keys, at most 256 of them; a key that is not known is absent from the map. */
    Map<String, float[]> load(Collection<String> keys);

    /** Keeps vectors by their keys, at most 256 of them; a key that is there already may be left as it is. */
    void save(Map<String, float[]> vectors);
}
