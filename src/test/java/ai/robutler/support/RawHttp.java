package ai.robutler.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A bare connection to 127.0.0.1 that sends bytes no proper client would, and tells what came back. */
public final class RawHttp implements AutoCloseable {
    private static final int CONNECT_MS = 5_000;
    private static final int ALL = Integer.MAX_VALUE;

    private final Socket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /** Connects. */
    public RawHttp(int port) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
    }

    /** Sends one text on a connection of its own and takes all that comes until the close or the timeout. */
    public static Answers exchange(int port, String text, Duration timeout) throws IOException {
        try (RawHttp connection = new RawHttp(port)) {
            connection.send(text);
            return connection.receive(timeout);
        }
    }

    /** Sends characters as bytes, one each (ISO 8859-1); write line ends as {@code \r\n}. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Says that nothing more will be sent, and still reads. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset (RST) in place of an orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Takes what comes until the other side closes, or the timeout. Counts from the start of the connection. */
    public Answers receive(Duration timeout) throws IOException {
        return receive(ALL, timeout);
    }

    /** As {@link #receive(Duration)}, but stops as soon as so many whole responses are there. */
    public Answers receive(int responses, Duration timeout) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        byte[] part = new byte[64 * 1024];
        Ending ending = Ending.OPEN;
        while (ending == Ending.OPEN
                && (responses == ALL || parsed(ending).responses().size() < responses)) {
            long leftMs = (end - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                break;
            }
            ending = read(part, (int) Math.min(leftMs, Integer.MAX_VALUE));
        }
        return parsed(ending);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Ending read(byte[] part, int timeoutMs) throws IOException {
        socket.setSoTimeout(timeoutMs);
        try {
            int read = socket.getInputStream().read(part);
            if (read < 0) {
                return Ending.CLOSED;
            }
            received.write(part, 0, read);
            return Ending.OPEN;
        } catch (SocketTimeoutException e) {
            return Ending.OPEN;
        } catch (SocketException e) {
            return Ending.RESET;
        }
    }

    private Answers parsed(Ending ending) {
        String text = received.toString(StandardCharsets.ISO_8859_1);
        List<Response> responses = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            Optional<Parsed> next = response(text, at, ending != Ending.OPEN);
            if (next.isEmpty()) {
                break;
            }
            responses.add(next.get().response());
            at = next.get().end();
        }
        return new Answers(responses, text.substring(at), ending);
    }

    private static Optional<Parsed> response(String text, int start, boolean ended) {
        int headEnd = text.indexOf("\r\n\r\n", start);
        if (headEnd < 0 || !text.startsWith("HTTP/1.", start)) {
            return Optional.empty();
        }
        String[] lines = text.substring(start, headEnd).split("\r\n", -1);
        int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
        Map<String, List<String>> headers = headers(lines);
        int from = headEnd + 4;
        boolean bodiless = status < 200 || status == 204 || status == 304;
        if (!bodiless && headers.containsKey("transfer-encoding")) {
            StringBuilder body = new StringBuilder();
            OptionalInt end = chunks(text, from, body);
            return end.isPresent()
                    ? Optional.of(parsed(status, headers, body.toString(), end.getAsInt()))
                    : Optional.empty();
        }
        boolean toClose = !bodiless && !headers.containsKey("content-length");
        if (toClose && !ended) {
            return Optional.empty();
        }
        int length = bodiless ? 0 : toClose ? text.length() - from : length(headers);
        return from + length > text.length()
                ? Optional.empty()
                : Optional.of(parsed(status, headers, text.substring(from, from + length), from + length));
    }

    private static int length(Map<String, List<String>> headers) {
        return Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).get(0));
    }

    private static Parsed parsed(int status, Map<String, List<String>> headers, String bytes, int end) {
        String body = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return new Parsed(new Response(status, headers, body), end);
    }

    private static Map<String, List<String>> headers(String[] lines) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, absent -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return headers;
    }

    /** Puts a chunked body together and returns where it ends; empty when it does not. */
    private static OptionalInt chunks(String text, int start, StringBuilder body) {
        int at = start;
        while (true) {
            int lineEnd = text.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return OptionalInt.empty();
            }
            int size = Integer.parseInt(text.substring(at, lineEnd), 16);
            int end = lineEnd + 2 + size + 2;
            if (end > text.length()) {
                return OptionalInt.empty();
            }
            if (size == 0) {
                return OptionalInt.of(end);
            }
            body.append(text, lineEnd + 2, end - 2);
            at = end;
        }
    }

    private record Parsed(Response response, int end) {}

    /** How it stood with the connection when we stopped reading. */
    public enum Ending {
        /** Still open. */
        OPEN,
        /** Closed by the other side. */
        CLOSED,
        /** Reset by the other side. */
        RESET
    }

    /**
     * What came back.
     *
     * @param responses whole responses in order, interim ones (1xx) too; one without a length ends with the connection
     * @param rest what came after the last whole response, as ISO 8859-1; a broken-off answer is here
     */
    public record Answers(List<Response> responses, String rest, Ending ending) {
        /** Copies the list. */
        public Answers {
            responses = List.copyOf(responses);
        }

        /** The statuses in order. */
        public List<Integer> statuses() {
            return responses.stream().map(Response::status).toList();
        }
    }

    /** One response: all header values by lower-case name, the body without its chunks, read as UTF-8. */
    public record Response(int status, Map<String, List<String>> headers, String body) {
        /** Copies the map. */
        public Response {
            headers = Map.copyOf(headers);
        }

        /** The first value of a header, of any case. */
        public Optional<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst();
        }
    }
}
