package ai.robutler.gateway.model;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into server-sent events, wherever the network has cut it. Not thread-safe; used on one event
 * loop.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">HTML: event streams</a>
 */
public final class SseSplitter {
    private static final int FIRST_SIZE = 1024;
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

    private final int maxEventBytes;
    private byte[] bytes = new byte[FIRST_SIZE];
    private int start;
    private int end;
    private int scanned;
    private boolean first = true;

    /** What is done with an event's data. */
    @FunctionalInterface
    public interface Sink {

        /** The data of one event: {@code bytes[from..to)}, valid during the call only. @return whether more is wanted now */
        boolean data(byte[] bytes, int from, int to);
    }

    /** @param maxEventBytes longest event that is held */
    public SseSplitter(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    /** Takes what came. */
    public void add(Buffer part) {
        int length = part.length();
        if (end + length > bytes.length) {
            makeRoom(length);
        }
        part.getBytes(bytes, end);
        end += length;
    }

    private void makeRoom(int length) {
        int held = end - start;
        byte[] to = held + length > bytes.length ? new byte[Math.max(bytes.length * 2, held + length)] : bytes;
        System.arraycopy(bytes, start, to, 0, held);
        bytes = to;
        scanned -= start;
        start = 0;
        end = held;
    }

    /**
     * Hands over the complete events that are held, until there are no more or the sink wants none now.
     *
     * @throws ProviderFailure when an event is longer than the limit
     */
    public void drain(Sink sink) {
        int close;
        while ((close = endOfEvent()) >= 0) {
            int from = start;
            start = close;
            if (!event(from, close, sink)) {
                return;
            }
        }
        if (start == end) {
            start = 0;
            end = 0;
            scanned = 0;
        }
    }

    /**
     * Shows the first event with data to the sink and keeps it. Events without data, such as comments, are dropped.
     *
     * @return whether there was one
     */
    boolean peek(Sink sink) {
        int close;
        while ((close = endOfEvent()) >= 0) {
            int from = start;
            boolean atBegin = first;
            boolean[] shown = new boolean[1];
            event(from, close, (data, dataFrom, dataTo) -> {
                shown[0] = true;
                return sink.data(data, dataFrom, dataTo);
            });
            if (shown[0]) {
                first = atBegin;
                scanned = start;
                return true;
            }
            start = close;
        }
        return false;
    }

    /** Hands over the last event although no empty line ends it; to be called when the stream has ended. */
    public void drainRest(Sink sink) {
        drain(sink);
        if (start < end) {
            int from = start;
            start = end;
            event(from, end, sink);
        }
    }

    /** Behind the empty line that ends the first event held; -1 when it is not there yet. */
    private int endOfEvent() {
        int i = Math.max(scanned, start);
        while (i < end) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                int next = afterLineEnd(i);
                if (next < end && (bytes[next] == '\n' || bytes[next] == '\r')) {
                    int behind = afterLineEnd(next);
                    scanned = behind;
                    return behind;
                }
                if (next >= end) {
                    break;
                }
                i = next;
            } else {
                i++;
            }
        }
        scanned = i;
        if (end - start > maxEventBytes) {
            throw ProviderFailure.broken("an event of the stream is longer than " + maxEventBytes + " bytes");
        }
        return -1;
    }

    private int afterLineEnd(int at) {
        return bytes[at] == '\r' && at + 1 < end && bytes[at + 1] == '\n' ? at + 2 : at + 1;
    }

    private boolean event(int from, int to, Sink sink) {
        int i = from;
        if (first) {
            first = false;
            i = skipByteOrderMark(i, to);
        }
        int dataFrom = -1;
        int dataTo = -1;
        byte[] joined = null;
        while (i < to) {
            int lineEnd = i;
            while (lineEnd < to && bytes[lineEnd] != '\n' && bytes[lineEnd] != '\r') {
                lineEnd++;
            }
            if (isData(i, lineEnd)) {
                int valueFrom = i + DATA.length;
                if (valueFrom < lineEnd && bytes[valueFrom] == ' ') {
                    valueFrom++;
                }
                if (dataFrom < 0) {
                    dataFrom = valueFrom;
                    dataTo = lineEnd;
                } else {
                    joined = join(joined, dataFrom, dataTo, valueFrom, lineEnd);
                }
            }
            i = lineEnd < to ? afterLineEnd(lineEnd) : to;
        }
        if (joined != null) {
            return sink.data(joined, 0, joined.length);
        }
        return dataFrom < 0 || sink.data(bytes, dataFrom, dataTo);
    }

    private boolean isData(int from, int to) {
        return to - from >= DATA.length && Arrays.equals(bytes, from, from + DATA.length, DATA, 0, DATA.length);
    }

    /** The value so far, a line end, and the next line's value. */
    private byte[] join(byte @Nullable [] soFar, int from, int to, int nextFrom, int nextTo) {
        byte[] head = soFar == null ? Arrays.copyOfRange(bytes, from, to) : soFar;
        byte[] all = Arrays.copyOf(head, head.length + 1 + nextTo - nextFrom);
        all[head.length] = '\n';
        System.arraycopy(bytes, nextFrom, all, head.length + 1, nextTo - nextFrom);
        return all;
    }

    private int skipByteOrderMark(int from, int to) {
        boolean mark = to - from >= 3
                && bytes[from] == (byte) 0xef
                && bytes[from + 1] == (byte) 0xbb
                && bytes[from + 2] == (byte) 0xbf;
        return mark ? from + 3 : from;
    }
}
