package ai.robutler.portal.intent;

import ai.robutler.portal.search.Embedder;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that knows letters only, and counts the texts that it embeds. */
final class CountingEmbedder implements Embedder {
    final AtomicInteger embedded = new AtomicInteger();

    @Override
    public String model() {
        return "letters";
    }

    @Override
    public int dimensions() {
        return 26;
    }

    @Override
    public boolean reads(String text) {
        return true;
    }

    @Override
    public float[] embed(String text) {
        embedded.incrementAndGet();
        float[] vector = new float[dimensions()];
        text.chars().filter(sign -> sign >= 'a' && sign <= 'z').forEach(sign -> vector[sign - 'a']++);
        double squares = 0;
        for (float number : vector) {
            squares += number * number;
        }
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    @Override
    public void close() {}
}
