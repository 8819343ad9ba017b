package ai.robutler.portal.search;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * BGE-small-en-v1.5, quantised, from the class path: 384 dimensions, English. It runs on the caller's thread and no
 * other, so that one text takes one core.
 *
 * <p>The first {@value #MOST_CHARACTERS} characters of a text count: about what the model reads at once, 510 word pieces.
 */
public final class BgeEmbedder implements Embedder {
    static final int MOST_CHARACTERS = 2_000;
    private static final String FILES = "/bge-small-en-v1.5-q";
    private static final int DIMENSIONS = 384;

    private final OrtSession session;
    private final Encoder encoder;

    /**
     * Loads the model; about a second and 100 MB outside the heap. The tokenizer's library would tell its maker of each
     * start, and fetch code for graphics cards; {@code ai.djl.offline} forbids it both, and is set unless it is already.
     *
     * @throws IllegalStateException if it cannot be loaded
     * @throws LinkageError if a native library is not for this machine
     */
    public BgeEmbedder() {
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions();
                InputStream tokenizer = resource("-tokenizer.json")) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            this.session = environment.createSession(model(resource(".onnx")), options);
            this.encoder = new Encoder(new OnnxBertBiEncoder(environment, session, tokenizer, PoolingMode.CLS));
        } catch (OrtException e) {
            throw new IllegalStateException("the sentence model cannot be loaded: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String model() {
        return "bge-small-en-v1.5-q";
    }

    @Override
    public int dimensions() {
        return DIMENSIONS;
    }

    @Override
    public float[] embed(String text) {
        return encoder.embed(cut(text)).content().vector();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the sentence model cannot be closed: " + e.getMessage(), e);
        }
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        boolean halved = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1));
        return text.substring(0, halved ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
    }

    private static byte[] model(InputStream file) throws IOException {
        try (file) {
            return file.readAllBytes();
        }
    }

    private static InputStream resource(String suffix) {
        InputStream resource = BgeEmbedder.class.getResourceAsStream(FILES + suffix);
        if (resource == null) {
            throw new IllegalStateException("the class path lacks " + FILES + suffix);
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
