package ai.robutler.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event stream as the HTML standard has it, but stricter than clients are: wrong UTF-8 fails, comments and
 * unknown lines are kept, and an event that the stream breaks off is not an event.
 */
public final class SseReader implements AutoCloseable {
    private final InputStream in;
    private final StringBuilder unfinished = new StringBuilder();

    /** @param in where the events come from, to be closed with this */
    public SseReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** All events of a whole stream; fails with an {@link AssertionError} when it ends inside an event. */
    public static List<Event> parse(String stream) throws IOException {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        try (SseReader reader = new SseReader(new ByteArrayInputStream(bytes))) {
            List<Event> events = reader.rest();
            if (!reader.unfinished().isEmpty()) {
                throw new AssertionError("The stream ends inside an event: " + reader.unfinished());
            }
            return events;
        }
    }

    /** Waits for the next event; empty at the end of the stream. */
    public Optional<Event> next() throws IOException {
        List<String> lines = new ArrayList<>();
        unfinished.setLength(0);
        for (String line = line(); line != null; line = line()) {
            if (!line.isEmpty()) {
                lines.add(line);
                unfinished.append(line).append('\n');
            } else if (!lines.isEmpty()) {
                unfinished.setLength(0);
                return Optional.of(event(lines));
            }
        }
        return Optional.empty();
    }

    /** All that is still to come, to the end of the stream. */
    public List<Event> rest() throws IOException {
        List<Event> events = new ArrayList<>();
        for (Optional<Event> event = next(); event.isPresent(); event = next()) {
            events.add(event.get());
        }
        return events;
    }

    /** What came after the last whole event; empty when the stream ended between two. */
    public String unfinished() {
        return unfinished.toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static Event event(List<String> lines) {
        String name = "message";
        List<String> data = new ArrayList<>();
        List<String> comments = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(":")) {
                comments.add(value(line, 1));
            } else if (line.startsWith("data:")) {
                data.add(value(line, "data:".length()));
            } else if (line.startsWith("event:")) {
                name = value(line, "event:".length());
            } else {
                others.add(line);
            }
        }
        Optional<String> joined = data.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", data));
        return new Event(name, joined, comments, others, System.nanoTime());
    }

    private static String value(String line, int start) {
        return line.startsWith(" ", start) ? line.substring(start + 1) : line.substring(start);
    }

    /** The next line without its end; null when there is none with an end any more. */
    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                String text = decoded(line);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(next);
        }
        unfinished.append(line.toString(StandardCharsets.UTF_8));
        return null;
    }

    private static String decoded(ByteArrayOutputStream line) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line.toByteArray()))
                .toString();
    }

    /**
     * One block of lines up to a blank one.
     *
     * @param name of the event, {@code message} when the block names none
     * @param data joined data lines; empty when the block has none, as a lone comment
     * @param comments the comment lines' texts
     * @param others lines that are neither data, event nor comment, such as {@code id: 1}
     * @param atNanos {@link System#nanoTime()} at the blank line
     */
    public record Event(String name, Optional<String> data, List<String> comments, List<String> others, long atNanos) {

        /** Copies the lists. */
        public Event {
            comments = List.copyOf(comments);
            others = List.copyOf(others);
        }

        /** Whether it is the {@code [DONE]} that ends a chat completion. */
        public boolean done() {
            return data.equals(Optional.of("[DONE]"));
        }
    }
}
