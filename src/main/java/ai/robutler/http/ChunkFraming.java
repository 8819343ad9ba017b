package ai.robutler.http;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frame of one chunked body to the end of its last chunk. Strict where the stock decoder is not: that one
 * takes a size of 2<sup>40</sup> + 5 for 5.
 */
final class ChunkFraming {
    private static final int MAX_DIGITS = 8;
    private static final int MAX_EXTENSION = 1_024;

    private State state = State.SIZE;
    private long left;
    private int length;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS
    }

    /** Takes the bytes from {@code begin} to {@code end}; false when they are not the frame of a chunked body. */
    boolean accept(ByteBuf bytes, int begin, int end) {
        int at = begin;
        while (at < end && state != State.TRAILERS) {
            if (state == State.DATA) {
                long step = Math.min(left, end - at);
                left -= step;
                at += (int) step;
                state = left == 0 ? State.DATA_CR : State.DATA;
            } else if (!accept(bytes.getByte(at++))) {
                return false;
            }
        }
        return true;
    }

    private boolean accept(byte next) {
        return switch (state) {
            case SIZE -> size(next);
            case EXTENSION -> extension(next);
            case SIZE_LF -> end(next, '\n', left == 0 ? State.TRAILERS : State.DATA);
            case DATA_CR -> end(next, '\r', State.DATA_LF);
            default -> end(next, '\n', State.SIZE);
        };
    }

    private boolean end(byte next, char wanted, State then) {
        state = then;
        return next == wanted;
    }

    private boolean extension(byte next) {
        if (next == '\r') {
            length = 0;
            state = State.SIZE_LF;
            return true;
        }
        return ++length < MAX_EXTENSION && (next >= ' ' || next == '\t') && next != 127;
    }

    private boolean size(byte next) {
        int digit = Character.digit(next, 16);
        if (digit >= 0) {
            left = left * 16 + digit;
            return ++length <= MAX_DIGITS;
        }
        boolean digits = length > 0;
        length = 0;
        state = next == '\r' ? State.SIZE_LF : State.EXTENSION;
        return digits && (next == '\r' || next == ';');
    }
}
