package ai.robutler.portal.intent;

import ai.robutler.portal.search.VectorStore;
import ai.robutler.portal.store.Database;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The table {@code phrase_vectors}: what was embedded once, for the next start and the other processes. */
public final class VectorRepository implements VectorStore {
    /** How many vectors are kept, at 1.5 kB each: twice as many as an index holds. */
    static final int MOST = 200_000;

    private static final Duration EXACT_TO = Duration.ofDays(1);
    private static final Duration KEPT_UNUSED = Duration.ofDays(400);

    private final Database database;
    private final Clock clock;

    /** Vectors in this database. */
    public VectorRepository(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Map<String, float[]> load(Collection<String> keys) {
        List<String> wanted = List.copyOf(keys);
        long old = clock.millis() - EXACT_TO.toMillis();
        List<Stored> found = database.read(handle -> handle.createQuery(
                        "SELECT vector_key, vector, used_at FROM phrase_vectors WHERE vector_key IN (<keys>)")
                .bindList("keys", wanted)
                .map((row, context) -> new Stored(row.getString(1), row.getBytes(2), row.getLong(3)))
                .list());
        if (found.stream().anyMatch(stored -> stored.usedAt < old)) {
            database.change(handle -> handle.createUpdate(
                            "UPDATE phrase_vectors SET used_at = :now WHERE vector_key IN (<keys>) AND used_at < :old")
                    .bindList("keys", wanted)
                    .bind("now", clock.millis())
                    .bind("old", old)
                    .execute());
        }
        Map<String, float[]> vectors = new HashMap<>();
        found.forEach(stored -> vectors.put(stored.key, numbers(stored.vector)));
        return vectors;
    }

    @Override
    public void save(Map<String, float[]> vectors) {
        database.change(handle -> {
            PreparedBatch batch = handle.prepareBatch("""
                    INSERT INTO phrase_vectors (vector_key, vector, used_at) VALUES (:key, :vector, :now)
                    ON CONFLICT DO NOTHING""");
            vectors.forEach((key, vector) -> batch.bind("key", key)
                    .bind("vector", bytes(vector))
                    .bind("now", clock.millis())
                    .add());
            batch.execute();
        });
    }

    /**
     * Removes some of those that nobody has asked for in {@code KEPT_UNUSED}, or, when there are too many, in the longest.
     *
     * @return how many
     */
    int purge(int most) {
        return database.write(handle -> {
            long surplus = count(handle) - MOST;
            return delete(handle, clock.millis() - KEPT_UNUSED.toMillis(), most)
                    + (surplus > 0 ? delete(handle, Long.MAX_VALUE, (int) Math.min(most, surplus)) : 0);
        });
    }

    private static long count(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM phrase_vectors")
                .mapTo(Long.class)
                .one();
    }

    private static int delete(Handle handle, long before, int most) {
        return handle.createUpdate("""
                        DELETE FROM phrase_vectors WHERE vector_key IN (
                          SELECT vector_key FROM phrase_vectors WHERE used_at < :before ORDER BY used_at LIMIT :most)""")
                .bind("before", before)
                .bind("most", most)
                .execute();
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static float[] numbers(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static final class Stored {
        final String key;
        final byte[] vector;
        final long usedAt;

        Stored(String key, byte[] vector, long usedAt) {
            this.key = key;
            this.vector = vector;
            this.usedAt = usedAt;
        }
    }
}
