package ai.robutler.support;

import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.Break;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the fake model does for one request, step by step; steps are made as they are taken. */
final class AnswerScript {
    private static final int PIECE = 64 * 1024;
    private static final Duration APART = Duration.ofMillis(2);
    private static final String GARBAGE = "<html>Bad gateway \u00e9</html>";

    private final Behaviour behaviour;
    private final boolean stream;
    private final AnswerJson json;

    AnswerScript(Behaviour behaviour, ReceivedRequest request) {
        this.behaviour = behaviour;
        boolean plain = behaviour.plainForStream() || behaviour.status() != 200 || behaviour.body() != null;
        this.stream = request.stream() && !plain;
        this.json = new AnswerJson(behaviour, request.includeUsage());
    }

    Behaviour behaviour() {
        return behaviour;
    }

    /** Steps to take, the last an {@link End}. */
    Iterator<Step> steps() {
        Stream<Step> before = Stream.of(new Pause(behaviour.delayBeforeHeaders()));
        if (behaviour.breaks() != Break.NONE && behaviour.breakAfter() < 0) {
            return Stream.concat(before, Stream.of(end())).iterator();
        }
        byte[] whole = stream ? new byte[0] : whole();
        Step head = new Head(stream ? "text/event-stream" : "application/json", stream ? -1 : whole.length);
        Stream<Step> start = Stream.of(head, new Pause(behaviour.delayBeforeFirstChunk()));
        Stream<Step> body = stream ? events() : pieces(whole);
        return Stream.of(before, start, body, Stream.of(end()))
                .flatMap(steps -> steps)
                .iterator();
    }

    private Step end() {
        Break how = behaviour.breaks();
        if (how == Break.RESET || how == Break.RESET_MID_EVENT) {
            return End.RESET;
        }
        if (how == Break.CLOSE || (how == Break.END && !stream)) {
            return End.CLOSE;
        }
        return how == Break.HANG ? End.HANG : End.WELL;
    }

    private byte[] whole() {
        String body = behaviour.body();
        if (body != null) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        if (behaviour.status() != 200) {
            return AnswerJson.bytes(AnswerJson.error(behaviour.status()));
        }
        if (behaviour.breaks() == Break.GARBAGE) {
            return GARBAGE.getBytes(StandardCharsets.UTF_8);
        }
        if (behaviour.breaks() == Break.ERROR) {
            return behaviour.errorEvent().getBytes(StandardCharsets.UTF_8);
        }
        return AnswerJson.bytes(json.whole());
    }

    private Stream<Step> pieces(byte[] whole) {
        boolean cut = end() != End.WELL;
        int length = cut ? whole.length / 2 : whole.length;
        int slow = Math.max(1, length / Math.max(1, behaviour.chunks().size()));
        int size = behaviour.gap().isZero() ? PIECE : slow;
        return IntStream.iterate(0, at -> at < length, at -> at + size).boxed().flatMap(at -> {
            Step write = new Write(Arrays.copyOfRange(whole, at, Math.min(length, at + size)));
            return at == 0 ? Stream.of(write) : Stream.of(new Pause(behaviour.gap()), write);
        });
    }

    private Stream<Step> events() {
        List<Supplier<byte[]>> events = broken();
        int group = behaviour.eventsPerWrite();
        return IntStream.iterate(0, at -> at < events.size(), at -> at + group)
                .boxed()
                .flatMap(at -> {
                    Stream<Step> writes = split(joined(events.subList(at, Math.min(events.size(), at + group))));
                    return at == 0 ? writes : Stream.concat(Stream.of(new Pause(behaviour.gap())), writes);
                });
    }

    /** The events as they are sent: cut off or mixed with what the break says. */
    private List<Supplier<byte[]>> broken() {
        List<Supplier<byte[]>> events = new ArrayList<>();
        json.events().forEach(event -> events.add(() -> data(event.get())));
        if (behaviour.done()) {
            events.add(() -> event(null, "[DONE]".getBytes(StandardCharsets.UTF_8)));
        }
        Break how = behaviour.breaks();
        if (how == Break.NONE) {
            return events;
        }
        int last = how == Break.RESET_MID_EVENT || behaviour.done() ? events.size() - 1 : events.size();
        int after = Math.min(behaviour.breakAfter(), last);
        if (how == Break.GARBAGE) {
            events.add(after, () -> event(null, GARBAGE.getBytes(StandardCharsets.UTF_8)));
            return events;
        }
        List<Supplier<byte[]>> sent = new ArrayList<>(events.subList(0, after));
        if (how == Break.RESET_MID_EVENT) {
            sent.add(() -> half(events.get(after).get()));
        } else if (how == Break.ERROR) {
            byte[] error = behaviour.errorEvent().getBytes(StandardCharsets.UTF_8);
            sent.add(() -> event(behaviour.namedError() ? "error" : null, error));
        }
        return sent;
    }

    private static byte[] half(byte[] event) {
        return Arrays.copyOf(event, event.length / 2);
    }

    private byte[] data(ObjectNode chunk) {
        return event(null, AnswerJson.bytes(chunk));
    }

    private byte[] event(@Nullable String name, byte[] data) {
        String end = behaviour.lineEnd();
        String comment = behaviour.comment() == null ? "" : ": " + behaviour.comment() + end;
        String named = name == null ? "" : "event: " + name + end;
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes((comment + named + "data: ").getBytes(StandardCharsets.UTF_8));
        event.writeBytes(data);
        event.writeBytes((end + end).getBytes(StandardCharsets.UTF_8));
        return event.toByteArray();
    }

    private static byte[] joined(List<Supplier<byte[]>> events) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        events.forEach(event -> joined.writeBytes(event.get()));
        return joined.toByteArray();
    }

    /** One write, or pieces a little apart: three bytes, up to inside each wide code point, the last byte alone. */
    private Stream<Step> split(byte[] bytes) {
        if (!behaviour.splitWrites() || bytes.length < 8) {
            return Stream.of(new Write(bytes));
        }
        List<Integer> cuts = new ArrayList<>(List.of(3));
        for (int i = 4; i < bytes.length - 1; i++) {
            boolean continuation = (bytes[i] & 0xC0) == 0x80;
            if (continuation && (bytes[i - 1] & 0xC0) == 0xC0) {
                cuts.add(i);
            }
        }
        cuts.add(bytes.length - 1);
        cuts.add(bytes.length);
        List<Step> steps = new ArrayList<>(List.of(new Write(Arrays.copyOf(bytes, 3))));
        for (int i = 1; i < cuts.size(); i++) {
            steps.add(new Pause(APART));
            steps.add(new Write(Arrays.copyOfRange(bytes, cuts.get(i - 1), cuts.get(i))));
        }
        return steps.stream();
    }

    /** One thing to do. */
    sealed interface Step {}

    /** Send the status line and the headers; a length of -1 is a chunked body. */
    record Head(String contentType, int length) implements Step {}

    /** Send bytes of the body, in one write. */
    @SuppressWarnings("ArrayRecordComponent")
    record Write(byte[] bytes) implements Step {}

    /** Wait. */
    record Pause(Duration time) implements Step {}

    /** Stop: as HTTP wants it, with a reset, with a close, or never. */
    enum End implements Step {
        WELL,
        RESET,
        CLOSE,
        HANG
    }
}
