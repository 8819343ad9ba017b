package ai.robutler.portal.search;

/**
 * A sentence model: turns a text into a vector that is near the vectors of texts that mean the same. Called by several
 * threads at once. Any failure is thrown, of any kind; the index then finds by words.
 */
public interface Embedder extends AutoCloseable {

    /** The model's name and version: vectors of two models never meet. Not empty. */
    String model();

    /** How many numbers a vector has. */
    int dimensions();

    /** Whether the model can tell what a text means; texts in a language that it does not know are all alike to it. */
    boolean reads(String text);

    /** The vector of a text that it reads, of length 1. The end of a long text does not count. */
    float[] embed(String text);

    /** Gives the model's memory back; nobody embeds any more. */
    @Override
    void close();
}
