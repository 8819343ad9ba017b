package ai.robutler.portal.search;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A model without a meaning: the same text has the same vector, two texts are far apart. It counts what it embeds. */
final class HashEmbedder implements Embedder {
    final AtomicInteger embedded = new AtomicInteger();
    volatile boolean broken;
    volatile boolean closed;

    @Override
    public String model() {
        return "hash";
    }

    @Override
    public int dimensions() {
        return 384;
    }

    @Override
    public boolean reads(String text) {
        return !text.isBlank();
    }

    @Override
    public float[] embed(String text) {
        embedded.incrementAndGet();
        if (broken) {
            throw new UnsatisfiedLinkError("as if the library were gone");
        }
        SplittableRandom random =
                new SplittableRandom(text.toLowerCase(Locale.ROOT).hashCode());
        float[] vector = new float[dimensions()];
        double squares = 0;
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) (random.nextDouble() - 0.5);
            squares += (double) vector[d] * vector[d];
        }
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    @Override
    public void close() {
        closed = true;
    }
}
