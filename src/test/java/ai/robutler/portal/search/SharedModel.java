package ai.robutler.portal.search;

/** The real sentence model, loaded once for all tests. */
final class SharedModel implements Embedder {
    private final BgeEmbedder bge = new BgeEmbedder();

    private SharedModel() {}

    static SharedModel get() {
        return Loaded.MODEL;
    }

    @Override
    public String model() {
        return bge.model();
    }

    @Override
    public int dimensions() {
        return bge.dimensions();
    }

    @Override
    public boolean reads(String text) {
        return bge.reads(text);
    }

    @Override
    public float[] embed(String text) {
        return bge.embed(text);
    }

    /** Stays for the next test. */
    @Override
    public void close() {}

    private static final class Loaded {
        static final SharedModel MODEL = new SharedModel();
    }
}
