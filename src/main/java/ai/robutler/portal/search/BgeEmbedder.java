package ai.robutler.portal.search;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * BGE-small-en-v1.5, quantised, from the class path: 384 dimensions, English. It runs on the caller's thread and no
 * other, so that one text takes one core. The first 1,000 characters of a text count, some 250 word
 * pieces of the 510 that the model reads at once: 0.1 s of one core.
 *
 * <p>What all sentences share is taken out of each vector: {@value #SHARED} of the mean vector of a few everyday
 * sentences. Without it any two sentences are 0.4 to 0.6 alike, and matches and others overlap twice as much. The
 * model's instruction for questions is left out: it tells little more then, and the same text would no more be the same.
 */
public final class BgeEmbedder implements Embedder {
    private static final double SHARED = 0.8;
    private static final String FILES = "/bge-small-en-v1.5-q";
    private static final String SENTENCES = "/ai/robutler/portal/search/everyday-sentences.txt";
    private static final int DIMENSIONS = 384;

    private final OrtSession session;
    private final Encoder encoder;
    private final float[] shared;
    private final EnglishWords english;

    /**
     * Loads the model; one to two seconds, and some 200 MB outside the heap. The tokenizer's library would tell its maker of each
     * start, and fetch code for graphics cards; {@code ai.djl.offline} forbids it both, and is set unless it is already. That
     * library unpacks itself into {@code ~/.djl.ai}, or the folder that {@code -DENGINE_CACHE_DIR} names.
     *
     * @throws IllegalStateException if it cannot be loaded
     * @throws LinkageError if a native library is not for this machine
     */
    public BgeEmbedder() {
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            byte[] tokenizer = bytes(FILES + "-tokenizer.json");
            this.english = EnglishWords.of(tokenizer);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            this.session = environment.createSession(bytes(FILES + ".onnx"), options);
            this.encoder = new Encoder(
                    new OnnxBertBiEncoder(environment, session, new ByteArrayInputStream(tokenizer), PoolingMode.CLS));
            this.shared = mean(new String(bytes(SENTENCES), StandardCharsets.UTF_8));
        } catch (OrtException e) {
            throw new IllegalStateException("the sentence model cannot be loaded: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String model() {
        return "bge-small-en-v1.5-q/1";
    }

    @Override
    public int dimensions() {
        return DIMENSIONS;
    }

    @Override
    public boolean reads(String text) {
        return english.areIn(text);
    }

    @Override
    public float[] embed(String text) {
        float[] vector = raw(text);
        double squares = 0;
        for (int d = 0; d < vector.length; d++) {
            vector[d] -= shared[d];
            squares += (double) vector[d] * vector[d];
        }
        float length = (float) Math.sqrt(squares);
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= length;
        }
        return vector;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the sentence model cannot be closed: " + e.getMessage(), e);
        }
    }

    private float[] raw(String text) {
        return encoder.embed(Words.cut(text)).content().vector();
    }

    private float[] mean(String sentences) {
        List<String> lines = sentences.lines().toList();
        float[] mean = new float[DIMENSIONS];
        for (String line : lines) {
            float[] vector = raw(line);
            for (int d = 0; d < DIMENSIONS; d++) {
                mean[d] += (float) (SHARED * vector[d] / lines.size());
            }
        }
        return mean;
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream file = resource(name)) {
            return file.readAllBytes();
        }
    }

    private static InputStream resource(String name) {
        InputStream resource = BgeEmbedder.class.getResourceAsStream(name);
        if (resource == null) {
            throw new IllegalStateException("the class path lacks " + name);
        }
        return resource;
    }

    private static final class Encoder extends AbstractInProcessEmbeddingModel {
        private final OnnxBertBiEncoder encoder;

        Encoder(OnnxBertBiEncoder encoder) {
            super(Runnable::run);
            this.encoder = encoder;
        }

        @Override
        protected OnnxBertBiEncoder model() {
            return encoder;
        }
    }
}
