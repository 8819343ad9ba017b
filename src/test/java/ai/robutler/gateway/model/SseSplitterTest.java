package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SseSplitterTest {
    private static final int ENOUGH = 1 << 20;

    /** A stream and the data of its events. */
    static Stream<Arguments> corpus() {
        return Stream.of(
                Arguments.of("data: one\n\ndata: two\n\n", List.of("one", "two")),
                Arguments.of("data: one\r\n\r\ndata: two\r\n\r\n", List.of("one", "two")),
                Arguments.of("data: one\r\rdata: two\r\r", List.of("one", "two")),
                Arguments.of("data:one\n\ndata:  two\n\n", List.of("one", " two")),
                Arguments.of(": hello\n\ndata: one\n\n: there\n\n", List.of("one")),
                Arguments.of(": in front\ndata: one\n: behind\n\n", List.of("one")),
                Arguments.of("event: message\nid: 7\nretry: 10\ndata: one\n\n", List.of("one")),
                Arguments.of("\ufeffdata: one\n\ndata: two\n\n", List.of("one", "two")),
                Arguments.of("\ufeff: first\n\ndata: one\n\n", List.of("one")),
                Arguments.of("data: a\ndata: b\ndata:\ndata: c\n\n", List.of("a\nb\n\nc")),
                Arguments.of("data: a\r\ndata: b\r\n\r\n", List.of("a\nb")),
                Arguments.of("data: é€😀\n\ndata: ü\n\n", List.of("é€😀", "ü")),
                Arguments.of("\n\n\ndata: one\n\n\n\n\ndata: two\n\n", List.of("one", "two")),
                Arguments.of("database: no\ndata: one\n\n", List.of("one")),
                Arguments.of("data:\n\ndata: one\n\n", List.of("", "one")),
                Arguments.of("data: {\"a\":\"x: y\"}\n\ndata: [DONE]\n\n", List.of("{\"a\":\"x: y\"}", "[DONE]")));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void drain_cutAnywhere_givesTheSameEvents(String stream, List<String> expected) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            SseSplitter splitter = new SseSplitter(ENOUGH);
            List<String> events = new ArrayList<>();
            take(splitter, Arrays.copyOfRange(bytes, 0, cut), events);
            take(splitter, Arrays.copyOfRange(bytes, cut, bytes.length), events);
            assertThat(events).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void drain_byteByByte_givesTheSameEvents(String stream, List<String> expected) {
        SseSplitter splitter = new SseSplitter(ENOUGH);
        List<String> events = new ArrayList<>();
        for (byte one : stream.getBytes(StandardCharsets.UTF_8)) {
            take(splitter, new byte[] {one}, events);
        }
        assertThat(events).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void peek_keepsTheFirstEventForDrain(String stream, List<String> expected) {
        SseSplitter splitter = new SseSplitter(ENOUGH);
        splitter.add(Buffer.buffer(stream));
        List<String> shown = new ArrayList<>();
        assertThat(splitter.peek(into(shown))).isTrue();
        assertThat(shown).isEqualTo(expected.subList(0, 1));

        List<String> events = new ArrayList<>();
        splitter.drain(into(events));
        assertThat(events).isEqualTo(expected);
    }

    @Test
    void peek_commentsOnly_isNoEventYet() {
        SseSplitter splitter = new SseSplitter(ENOUGH);
        splitter.add(Buffer.buffer(": still thinking\n\n: and thinking\n\nda"));
        assertThat(splitter.peek((json, from, to) -> true)).isFalse();
        splitter.add(Buffer.buffer("ta: one\n\n"));
        assertThat(splitter.peek((json, from, to) -> true)).isTrue();
    }

    @Test
    void drain_sinkWantsNoMore_keepsTheRest() {
        SseSplitter splitter = new SseSplitter(ENOUGH);
        splitter.add(Buffer.buffer("data: one\n\ndata: two\n\n"));
        List<String> events = new ArrayList<>();
        splitter.drain((json, from, to) -> {
            into(events).data(json, from, to);
            return false;
        });
        assertThat(events).containsExactly("one");
        splitter.drain(into(events));
        assertThat(events).containsExactly("one", "two");
    }

    @Test
    void drainRest_givesTheEventThatNoEmptyLineEnds() {
        SseSplitter splitter = new SseSplitter(ENOUGH);
        splitter.add(Buffer.buffer("data: one\n\ndata: two"));
        List<String> events = new ArrayList<>();
        splitter.drainRest(into(events));
        assertThat(events).containsExactly("one", "two");
    }

    @Test
    void add_eventOverTheLimit_isTheProvidersFailure() {
        SseSplitter splitter = new SseSplitter(100_000);
        Buffer part = Buffer.buffer("x".repeat(10_000));
        splitter.add(Buffer.buffer("data: "));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 11; i++) {
                        splitter.add(part);
                        splitter.drain((json, from, to) -> true);
                    }
                })
                .isInstanceOf(ProviderFailure.class)
                .hasMessageContaining("longer than 100000 bytes");
    }

    @Test
    void add_manyEventsThatAreShorterThanTheLimit_neverReachIt() {
        SseSplitter splitter = new SseSplitter(10_000);
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            take(splitter, ("data: " + "x".repeat(3_000) + "\n\nda").getBytes(StandardCharsets.UTF_8), events);
            take(splitter, "ta: y\n\n".getBytes(StandardCharsets.UTF_8), events);
        }
        assertThat(events).hasSize(2_000);
    }

    private static void take(SseSplitter splitter, byte[] part, List<String> events) {
        splitter.add(Buffer.buffer(part));
        splitter.drain(into(events));
    }

    private static SseSplitter.Sink into(List<String> events) {
        return (bytes, from, to) -> {
            events.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            return true;
        };
    }
}
