package ai.robutler.gateway.model;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that are put together, again and again in the same place. Not thread-safe. */
final class ByteSink {
    private byte[] bytes;
    private int length;

    ByteSink(int size) {
        bytes = new byte[size];
    }

    /** How many bytes there are. */
    int length() {
        return length;
    }

    /** Forgets them. */
    void clear() {
        length = 0;
    }

    ByteSink add(byte[] from, int start, int count) {
        reserve(count);
        System.arraycopy(from, start, bytes, length, count);
        length += count;
        return this;
    }

    ByteSink add(byte[] from) {
        return add(from, 0, from.length);
    }

    ByteSink add(ByteSink from) {
        return add(from.bytes, 0, from.length);
    }

    ByteSink add(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    ByteSink add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy to be written. */
    Buffer toBuffer() {
        return Buffer.buffer(Arrays.copyOf(bytes, length));
    }

    /** A copy to be read. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void reserve(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
