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
        switch (state) {
            case SIZE:
                return size(next);
            case EXTENSION:
                length++;
                state = next == '\r' ? State.SIZE_LF : State.EXTENSION;
                return next == '\r' || length < MAX_EXTENSION && (next >= ' ' || next == '\t') && next != 127;
            case SIZE_LF:
                state = left == 0 ? State.TRAILERS : State.DATA;
                return next == '\n';
            case DATA_CR:
                state = State.DATA_LF;
                return next == '\r';
            default:
                state = State.SIZE;
                length = 0;
                return next == '\n';
        }
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
