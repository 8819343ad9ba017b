package ai.robutler.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file.
 *
 * @param start its first byte
 * @param length how many bytes it has; 0 when the range that was asked for is not in the file
 */
record ByteRange(long start, long length) {
    private static final Pattern ONE = Pattern.compile("(?i)bytes=[ \\t]*(\\d{0,18})-(\\d{0,18})[ \\t]*");

    /** The whole file. */
    static ByteRange whole(long size) {
        return new ByteRange(0, size);
    }

    /** Reads a {@code Range} header; empty when it is not one range of bytes, and the whole file is the answer. */
    static Optional<ByteRange> of(String header, long size) {
        Matcher matcher = ONE.matcher(header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(matcher.group(2)), size);
            return Optional.of(new ByteRange(size - last, last));
        }
        long start = Long.parseLong(matcher.group(1));
        long end = matcher.group(2).isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(matcher.group(2));
        if (end < start) {
            return Optional.empty();
        }
        return Optional.of(start >= size ? new ByteRange(0, 0) : new ByteRange(start, Math.min(end + 1, size) - start));
    }

    /** The value of {@code Content-Range}. */
    String contentRange(long size) {
        return length == 0 ? "bytes */" + size : "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
}
