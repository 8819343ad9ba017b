package ai.robutler.http.multipart;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@code multipart/form-data} body apart as it comes, in pieces of any size. Holds no more of it than the head of
 * one part.
 */
public final class MultipartParser {
    /** Longest head of one part. */
    private static final int MAX_HEAD_BYTES = 8 * 1024;

    private static final int MAX_BOUNDARY = 70;
    private static final String FORM = "multipart/form-data";
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final PartListener listener;
    private final byte[] delimiter;
    /** What was not used up yet. The line end before the first boundary may be missing, so it is put there. */
    private byte[] rest = LINE_END;

    private State state = State.PREAMBLE;

    private enum State {
        PREAMBLE,
        BOUNDARY,
        HEAD,
        CONTENT,
        EPILOGUE
    }

    /**
     * A parser that has seen nothing yet.
     *
     * @param boundary what stands between the parts, see {@link #boundary}
     */
    public MultipartParser(String boundary, PartListener listener) {
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.listener = listener;
    }

    /**
     * The boundary that a request's {@code Content-Type} names.
     *
     * @param contentType null when the request has none
     * @throws ApiException 415 for another type than multipart/form-data, 400 for one without a boundary
     */
    public static String boundary(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.strip();
        String bare = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (!bare.equals(FORM)) {
            throw ApiException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "An upload has the Content-Type " + FORM + ", not "
                            + (bare.isEmpty() ? "none" : "'" + printable(bare) + "'"));
        }
        String boundary = PartHead.parameters(type).getOrDefault("boundary", "");
        if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY || !boundary.equals(printable(boundary))) {
            throw ApiException.inField(
                    "Content-Type",
                    "The Content-Type " + FORM + " needs a boundary of 1 to " + MAX_BOUNDARY + " characters");
        }
        return boundary;
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 100 ? clean.substring(0, 100) : clean;
    }

    /** Takes the next piece of the body. @throws ApiException 400 when the body is malformed */
    public void accept(byte[] piece) throws IOException {
        byte[] bytes = piece;
        if (rest.length > 0) {
            bytes = Arrays.copyOf(rest, rest.length + piece.length);
            System.arraycopy(piece, 0, bytes, rest.length, piece.length);
        }
        int at = 0;
        int before;
        State was;
        do {
            before = at;
            was = state;
            at = step(bytes, at);
        } while (at != before || state != was);
        rest = Arrays.copyOfRange(bytes, at, bytes.length);
    }

    /** Whether the boundary that ends the body has come. */
    public boolean isComplete() {
        return state == State.EPILOGUE;
    }

    /** Goes on from there; returns how far it came. */
    private int step(byte[] bytes, int from) throws IOException {
        return switch (state) {
            case PREAMBLE, CONTENT -> content(bytes, from);
            case BOUNDARY -> boundary(bytes, from);
            case HEAD -> head(bytes, from);
            case EPILOGUE -> bytes.length;
        };
    }

    private int content(byte[] bytes, int from) throws IOException {
        int found = indexOf(delimiter, bytes, from);
        int end = found >= 0 ? found : Math.max(from, bytes.length - delimiter.length + 1);
        if (state == State.CONTENT) {
            if (end > from) {
                listener.content(bytes, from, end - from);
            }
            if (found >= 0) {
                listener.end();
            }
        }
        if (found < 0) {
            return end;
        }
        state = State.BOUNDARY;
        return found + delimiter.length;
    }

    private int boundary(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        if (at + 2 > bytes.length) {
            return at;
        }
        if (bytes[at] == '-' && bytes[at + 1] == '-') {
            state = State.EPILOGUE;
        } else if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
            state = State.HEAD;
        } else {
            throw PartHead.malformed("a boundary does not end its line");
        }
        return at + 2;
    }

    private int head(byte[] bytes, int from) throws IOException {
        int end = indexOf(HEAD_END, bytes, from);
        if ((end < 0 ? bytes.length : end) - from > MAX_HEAD_BYTES) {
            throw PartHead.malformed("the head of a part is longer than " + MAX_HEAD_BYTES + " bytes");
        }
        if (end < 0) {
            return from;
        }
        listener.begin(PartHead.of(Arrays.copyOfRange(bytes, from, end)));
        state = State.CONTENT;
        return end + HEAD_END.length;
    }

    private static int indexOf(byte[] wanted, byte[] bytes, int from) {
        int last = bytes.length - wanted.length;
        for (int i = from; i <= last; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
