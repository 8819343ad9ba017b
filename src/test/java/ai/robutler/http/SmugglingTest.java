package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RawHttp.Answers;
import ai.robutler.support.RawHttp.Ending;
import ai.robutler.support.RawHttp.Response;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that a proxy in front may take apart in another way than we do. Each hides a second request, which must be
 * neither answered nor sent on to a model.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
final class SmugglingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LINE = "POST /assistant/chat/completions HTTP/1.1\r\n";
    private static final String HOST = "Host: gateway\r\n";
    private static final String TYPE = "Content-Type: application/json\r\n";
    private static final String BODY = RunningGateway.message("visible", false);
    private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String CHUNKS = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String HIDDEN_BODY = RunningGateway.message("smuggled", false);
    private static final String HIDDEN = LINE + HOST + "X-Request-ID: hidden\r\n" + TYPE + "Content-Length: "
            + HIDDEN_BODY.length() + "\r\n\r\n" + HIDDEN_BODY;

    private final FakeModelServer model = new FakeModelServer();
    private final RunningGateway gateway = RunningGateway.start(
            model, "gateway.header-timeout", "1s", "gateway.body-timeout", "1s", "gateway.idle-timeout", "1s");

    /** How a request may be answered. */
    private enum Expected {
        /** With one 4xx and the close of the connection. */
        REFUSED,
        /** With one answer, whatever it is; what follows is part of its body or thrown away. */
        ONE,
        /** Not at all, or with a 4xx; then the connection is closed. */
        CLOSED
    }

    private record Case(String name, Expected expected, String bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void answersAProperRequest() {
        assertThat(gateway.chat("warm").statusCode()).isEqualTo(200);
    }

    @AfterAll
    void close() {
        gateway.close();
        model.close();
    }

    /** Shows that this test would see a second request, were it answered. */
    @Test
    void pipelinedRequests_areBothAnsweredInOrder() throws IOException {
        model.reset();
        Answers answers = send(LINE + HOST + TYPE + LENGTH + "\r\n" + BODY + HIDDEN);
        assertThat(answers.statuses()).containsExactly(200, 200);
        assertThat(answers.responses().get(1).header("X-Request-ID")).contains("hidden");
        assertThat(model.requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aHiddenRequest_isNeitherAnsweredNorSentOn(Case request) throws IOException {
        model.reset();
        Answers answers = send(request.bytes());
        List<Response> finals = answers.responses().stream()
                .filter(answer -> answer.status() >= 200)
                .toList();
        String seen = request + " -> " + answers;

        assertThat(answers.ending()).as(seen).isNotEqualTo(Ending.OPEN);
        assertThat(answers.rest()).as(seen).isEmpty();
        assertThat(finals)
                .as(seen)
                .noneMatch(answer -> answer.header("X-Request-ID").equals(Optional.of("hidden")));
        assertThat(answers.statuses()).as(seen).doesNotContain(101);
        assertThat(finals).as(seen).noneMatch(answer -> answer.status() >= 500);
        assertThat(model.received()).as(seen).noneMatch(call -> call.text().contains("\"smuggled\""));
        if (request.expected() == Expected.CLOSED) {
            assertThat(finals).as(seen).hasSizeLessThanOrEqualTo(1);
            finals.forEach(answer ->
                    assertThat(RefusedAnswer.problems(answer, false)).as(seen).isEmpty());
            return;
        }
        assertThat(finals).as(seen).hasSize(1);
        if (request.expected() == Expected.REFUSED) {
            assertThat(RefusedAnswer.problems(finals.get(0), false)).as(seen).isEmpty();
            assertThat(finals.get(0).header("Connection")).as(seen).contains("close");
            assertThat(model.requests()).as(seen).isZero();
        }
    }

    private Answers send(String bytes) throws IOException {
        return RawHttp.exchange(gateway.port(), bytes, PATIENCE);
    }

    static Stream<Case> corpus() {
        return Stream.of(lengthAndEncoding(), encodings(), lengths(), chunks(), lines(), headers(), versions())
                .flatMap(List::stream);
    }

    /** Both ways to say where a body ends. */
    private static List<Case> lengthAndEncoding() {
        return List.of(
                refused("CL then TE", LENGTH + CHUNKED, CHUNKS + HIDDEN),
                refused("TE then CL", CHUNKED + LENGTH, CHUNKS + HIDDEN),
                refused("CL of the chunks, TE", "Content-Length: 4\r\n" + CHUNKED, CHUNKS + HIDDEN),
                refused("CL 0, TE", "Content-Length: 0\r\n" + CHUNKED, CHUNKS + HIDDEN),
                refused("lower case", "content-length: 5\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n" + HIDDEN),
                refused("mixed case", "cOnTeNt-LeNgTh: 5\r\ntRANSFER-eNCODING: CHUNKED\r\n", "0\r\n\r\n" + HIDDEN),
                refused(
                        "CL covers all, TE ends early",
                        "Content-Length: " + (5 + HIDDEN.length()) + "\r\n" + CHUNKED,
                        "0\r\n\r\n" + HIDDEN),
                refused("TE identity with CL", LENGTH + "Transfer-Encoding: identity\r\n", BODY + HIDDEN),
                refused("empty TE with CL", LENGTH + "Transfer-Encoding:\r\n", BODY + HIDDEN),
                refused("CL twice with TE", LENGTH + CHUNKED + LENGTH, CHUNKS + HIDDEN));
    }

    /** Names of encodings that some take for chunked. */
    private static List<Case> encodings() {
        List<Case> cases = new ArrayList<>();
        for (String value : List.of(
                "xchunked",
                "chunked, identity",
                "identity",
                "gzip",
                "gzip, chunked",
                "chunked, chunked",
                "chunked;q=1",
                "\"chunked\"",
                "chunk",
                "chunked x",
                "\u000bchunked",
                "",
                "identity, chunked")) {
            cases.add(refused("TE " + value, "Transfer-Encoding: " + value + "\r\n", CHUNKS + HIDDEN));
        }
        cases.add(refused("TE twice", CHUNKED + CHUNKED, CHUNKS + HIDDEN));
        cases.add(refused("TE twice, other", CHUNKED + "Transfer-Encoding: identity\r\n", CHUNKS + HIDDEN));
        cases.add(refused("TE with space before colon", "Transfer-Encoding : chunked\r\n", CHUNKS + HIDDEN));
        cases.add(refused("TE folded", "Transfer-Encoding:\r\n chunked\r\n", CHUNKS + HIDDEN));
        return cases;
    }

    /** Lengths that are not one plain number. */
    private static List<Case> lengths() {
        List<Case> cases = new ArrayList<>();
        int length = BODY.length();
        for (String value : List.of(
                "+" + length,
                "-1",
                "-0",
                length + ", " + length,
                length + "," + (length + 1),
                "0x10",
                Integer.toHexString(length) + "h",
                length + " 0",
                length + ".0",
                "",
                "1e2",
                "99999999999999999999",
                length + ";",
                "\u000b" + length,
                "0" + "x" + length,
                "9223372036854775808")) {
            cases.add(refused("CL '" + value + "'", "Content-Length: " + value + "\r\n", BODY + HIDDEN));
        }
        cases.add(refused("CL twice, other", LENGTH + "Content-Length: 0\r\n", BODY + HIDDEN));
        cases.add(refused("CL twice, the same", LENGTH + LENGTH, BODY + HIDDEN));
        cases.add(refused("CL with space before colon", "Content-Length : " + length + "\r\n", BODY + HIDDEN));
        cases.add(refused("CL folded", "Content-Length:\r\n " + length + "\r\n", BODY + HIDDEN));
        cases.add(one(
                "hidden in the body",
                LINE + HOST + TYPE + "Content-Length: " + (length + HIDDEN.length()) + "\r\n\r\n" + BODY + HIDDEN));
        return cases;
    }

    /** Sizes of chunks that some read in another way, and what follows the last chunk. */
    private static List<Case> chunks() {
        List<Case> cases = new ArrayList<>();
        String size = Integer.toHexString(BODY.length());
        for (String line : List.of(
                "0x" + size,
                "+" + size,
                "-" + size,
                " ",
                "",
                size + " x",
                size + "g",
                "ffffffffffffffff" + size,
                "100000000" + size,
                size + "\u0000",
                "1;\n" + size,
                size + ";a=\"\n0\"",
                size + "\r\r")) {
            cases.add(closed(
                    "chunk size '" + line.replaceAll("\\p{Cntrl}", "?") + "'",
                    TYPE + CHUNKED,
                    line + "\r\n" + BODY + "\r\n0\r\n\r\n" + HIDDEN));
        }
        cases.add(closed("chunk longer than its size", TYPE + CHUNKED, "5\r\n" + BODY + "\r\n0\r\n\r\n" + HIDDEN));
        cases.add(closed("no line end after a chunk", TYPE + CHUNKED, size + "\r\n" + BODY + "0\r\n\r\n" + HIDDEN));
        cases.add(closed("LF alone after a chunk", TYPE + CHUNKED, size + "\n" + BODY + "\n0\n\n" + HIDDEN));
        String trailers = size + "\r\n" + BODY + "\r\n0\r\n";
        cases.add(one(
                "chunk extension",
                LINE + HOST + TYPE + CHUNKED + "Connection: close\r\n\r\n" + size + ";ext=1\r\n" + BODY
                        + "\r\n0\r\n\r\n" + HIDDEN));
        cases.add(one(
                "trailer with a length",
                LINE + HOST + TYPE + CHUNKED + "Connection: close\r\n\r\n" + trailers
                        + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n" + HIDDEN));
        cases.add(one(
                "trailer with identity",
                LINE + HOST + TYPE + CHUNKED + "Connection: close\r\n\r\n" + trailers
                        + "Authorization: Bearer x\r\nX-Request-ID: hidden\r\nX-Payment-Token: pt_x\r\n\r\n"));
        return cases;
    }

    /** Line ends and request lines. */
    private static List<Case> lines() {
        String rest = HOST + TYPE + LENGTH + "\r\n" + BODY + HIDDEN;
        String last = "Connection: close\r\n" + rest;
        return List.of(
                new Case(
                        "CR alone in a header", Expected.REFUSED, LINE + HOST + "X-A: b\rContent-Length: 0\r\n" + rest),
                new Case("CR alone ends the line", Expected.CLOSED, LINE.replace("\r\n", "\r") + rest),
                new Case("LF alone in a header", Expected.CLOSED, LINE + HOST + "X-A: b\nContent-Length: 0\r\n" + rest),
                new Case("NUL in a header", Expected.REFUSED, LINE + "X-A: b\u0000c\r\n" + rest),
                new Case("NUL in a name", Expected.REFUSED, LINE + "X\u0000A: b\r\n" + rest),
                new Case("NUL in the target", Expected.REFUSED, LINE.replace("chat", "ch\u0000at") + rest),
                new Case("space in the target", Expected.REFUSED, LINE.replace("chat", "ch at") + rest),
                one("tab in the line", LINE.replace(" /", "\t/") + last),
                one("two spaces", LINE.replace(" /", "  /") + last),
                one("space before the method", " " + LINE + last),
                new Case("authority form", Expected.REFUSED, "CONNECT evil:443 HTTP/1.1\r\n" + HOST + "\r\n" + HIDDEN),
                new Case("authority form of a POST", Expected.REFUSED, "POST evil:443 HTTP/1.1\r\n" + rest),
                new Case("no target", Expected.REFUSED, "POST HTTP/1.1\r\n" + rest),
                one("absolute form", LINE.replace(" /", " http://evil/") + last),
                one("blank lines before", "\r\n\r\n" + LINE + last));
    }

    /** Header names and hosts. */
    private static List<Case> headers() {
        String rest = TYPE + LENGTH + "\r\n" + BODY + HIDDEN;
        return List.of(
                new Case("no host", Expected.REFUSED, LINE + rest),
                new Case("two hosts", Expected.REFUSED, LINE + HOST + "Host: evil\r\n" + rest),
                new Case("folded host", Expected.REFUSED, LINE + "Host: gateway\r\n evil\r\n" + rest),
                new Case("first header folded", Expected.REFUSED, LINE + " X-A: b\r\n" + HOST + rest),
                new Case("header without colon", Expected.REFUSED, LINE + HOST + "Nonsense\r\n" + rest),
                new Case("header without name", Expected.REFUSED, LINE + HOST + ": b\r\n" + rest),
                new Case("space in a name", Expected.REFUSED, LINE + HOST + "X A: b\r\n" + rest),
                new Case("brackets in a name", Expected.REFUSED, LINE + HOST + "X[A]: b\r\n" + rest),
                new Case("UTF-8 in a name", Expected.REFUSED, LINE + HOST + "X-\u00c3\u00a4: b\r\n" + rest),
                one(
                        "length with an underscore",
                        LINE + HOST + TYPE + "Content_Length: 0\r\nConnection: close\r\n" + LENGTH + "\r\n" + BODY
                                + HIDDEN));
    }

    /** Other versions of HTTP, and ways to change to them. */
    private static List<Case> versions() {
        String rest = HOST + TYPE + LENGTH + "\r\n" + BODY + HIDDEN;
        return List.of(
                new Case("HTTP/0.9", Expected.CLOSED, "GET /health\r\n\r\n" + HIDDEN),
                new Case("HTTP/0.9 by name", Expected.REFUSED, LINE.replace("1.1", "0.9") + rest),
                new Case("HTTP/2.0 by name", Expected.REFUSED, LINE.replace("1.1", "2.0") + rest),
                new Case("HTTP/1.2", Expected.CLOSED, LINE.replace("1.1", "1.2") + rest),
                new Case("HTTP/11", Expected.REFUSED, LINE.replace("1.1", "11") + rest),
                new Case("small letters", Expected.REFUSED, LINE.replace("HTTP", "http") + rest),
                new Case("another protocol", Expected.REFUSED, LINE.replace("HTTP", "HTTPS") + rest),
                new Case("HTTP/2 preface", Expected.REFUSED, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN),
                new Case(
                        "HTTP/1.0 chunked",
                        Expected.REFUSED,
                        LINE.replace("1.1", "1.0") + HOST + TYPE + CHUNKED + "\r\n" + CHUNKS + HIDDEN),
                one("HTTP/1.0", LINE.replace("1.1", "1.0") + rest),
                one(
                        "upgrade to h2c",
                        LINE + HOST + TYPE + LENGTH + "Connection: Upgrade, HTTP2-Settings, close\r\n"
                                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n" + BODY + HIDDEN),
                one(
                        "upgrade to websocket",
                        "GET /health HTTP/1.1\r\n" + HOST + "Connection: Upgrade, close\r\n"
                                + "Upgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                + "Sec-WebSocket-Version: 13\r\n\r\n" + HIDDEN));
    }

    private static Case refused(String name, String headers, String body) {
        return new Case(name, Expected.REFUSED, LINE + HOST + TYPE + headers + "\r\n" + body);
    }

    private static Case closed(String name, String headers, String body) {
        return new Case(name, Expected.CLOSED, LINE + HOST + headers + "\r\n" + body);
    }

    private static Case one(String name, String bytes) {
        return new Case(name, Expected.ONE, bytes);
    }
}
