package ai.robutler.portal.search;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of {@value #SIZE} rows, packed so that one number of all of them lies together: then the processor
 * multiplies several rows at once. One thread writes at a time, any number reads meanwhile.
 */
final class VectorBlock {
    static final int SIZE = 256;

    private final AtomicReferenceArray<@Nullable Row> rows = new AtomicReferenceArray<>(SIZE);
    private volatile float[] numbers = new float[0];

    void place(int index, @Nullable Row row) {
        rows.set(index, row);
    }

    /** Writes a row's vector; who sees the row embedded sees the vector. */
    void write(int index, float[] vector) {
        if (numbers.length == 0) {
            numbers = new float[SIZE * vector.length];
        }
        float[] all = numbers;
        for (int d = 0; d < vector.length; d++) {
            all[d * SIZE + index] = vector[d];
        }
    }

    float[] read(int index) {
        float[] all = numbers;
        float[] vector = new float[all.length / SIZE];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = all[d * SIZE + index];
        }
        return vector;
    }

    /** The rows with vectors as they are now; null at the other places. */
    void copyEmbedded(@Nullable Row[] target, int offset) {
        for (int i = 0; i < SIZE; i++) {
            Row row = rows.get(i);
            target[offset + i] = row != null && row.embedded ? row : null;
        }
    }

    /** Raises each place's cosine to that with a vector, if it is higher. */
    void raiseCosines(float[] vector, float[] cosines, int offset) {
        float[] all = numbers;
        if (all.length != SIZE * vector.length) {
            return;
        }
        float[] sums = new float[SIZE];
        for (int d = 0; d < vector.length; d++) {
            addScaled(all, d * SIZE, vector[d], sums);
        }
        for (int i = 0; i < SIZE; i++) {
            cosines[offset + i] = Math.max(cosines[offset + i], sums[i]);
        }
    }

    private static void addScaled(float[] all, int from, float factor, float[] sums) {
        for (int i = 0; i < SIZE; i++) {
            sums[i] += factor * all[from + i];
        }
    }
}
