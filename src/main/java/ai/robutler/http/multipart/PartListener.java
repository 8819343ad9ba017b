package ai.robutler.http.multipart;

import java.io.IOException;

/** Hears of each part of a multipart body in turn: its head, its bytes in any number of pieces, its end. */
public interface PartListener {

    /** A part begins. */
    void begin(PartHead head) throws IOException;

    /**
     * More of the part's content. The array is not to be kept or changed.
     *
     * @param from where the content begins in {@code bytes}
     * @param length how many bytes there are
     */
    void content(byte[] bytes, int from, int length) throws IOException;

    /** The part is whole. */
    void end() throws IOException;
}
