package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Multipart;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file as an answer: whole, in part, or not again; and that it is closed whatever the caller does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DownloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SIZE = 5_000_000;
    private static final String LAST_MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";

    private final UploadRoutes routes = new UploadRoutes("gateway.stall-timeout", "500ms");
    private final byte[] content = content();
    private final String sha256 = keep(content);
    private final String etag = "\"" + sha256 + "\"";

    @AfterEach
    void everyFileIsClosed() {
        RunningGateway.await("the file is closed", () -> !isOpen(sha256));
    }

    @AfterAll
    void close() {
        routes.close();
    }

    @Test
    void aFile_isSentWhole_withWhatIsKnownOfIt() {
        HttpResponse<byte[]> answer = get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(content);
        assertThat(answer.headers().map())
                .containsEntry("content-length", List.of(Integer.toString(SIZE)))
                .containsEntry("content-type", List.of("text/plain"))
                .containsEntry("content-disposition", List.of("attachment; filename=\"kept.txt\""))
                .containsEntry("etag", List.of(etag))
                .containsEntry("last-modified", List.of(LAST_MODIFIED))
                .containsEntry("accept-ranges", List.of("bytes"));
    }

    @Test
    void anEmptyFile_isSent_andHasNoRange() {
        String empty = keep(new byte[0]);
        assertThat(get(empty).body()).isEmpty();
        assertThat(get(empty).headers().firstValue("content-length")).contains("0");
        assertThat(get(empty, "Range", "bytes=0-").statusCode()).isEqualTo(416);
    }

    @Test
    void aHead_isAnsweredWithTheHeadersOnly() {
        HttpRequest head = request(sha256, "Range", "bytes=1-2")
                .method("HEAD", BodyPublishers.noBody())
                .build();
        HttpResponse<byte[]> answer = send(head);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("content-length")).contains(Integer.toString(SIZE));
        assertThat(answer.headers().firstValue("etag")).contains(etag);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=1-70000, 1, 70001",
        "bytes=4999999-, 4999999, 5000000",
        "bytes=4999990-9999999, 4999990, 5000000",
        "bytes=-5, 4999995, 5000000",
        "bytes=-9999999999, 0, 5000000",
        "Bytes=2-3, 2, 4",
    })
    void aRange_isSentAsAPart(String range, int from, int to) {
        HttpResponse<byte[]> answer = get(sha256, "Range", range);
        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, from, to));
        assertThat(answer.headers().firstValue("content-range"))
                .contains("bytes " + from + "-" + (to - 1) + "/" + SIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5000000-", "bytes=5000000-5000001", "bytes=-0", "bytes=999999999999999999-"})
    void aRangeOutsideOfTheFile_is416(String range) {
        HttpResponse<byte[]> answer = get(sha256, "Range", range);
        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(answer.headers().firstValue("content-range")).contains("bytes */" + SIZE);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("range_not_satisfiable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=3-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes", "bytes=1"})
    void whatIsNotOneRange_isAnsweredWithTheWhole(String range) {
        HttpResponse<byte[]> answer = get(sha256, "Range", range);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(SIZE);
    }

    @Test
    void aRangeOfTheSameFile_isAPart_andOfAnotherTheWhole() {
        assertThat(get(sha256, "Range", "bytes=0-1", "If-Range", etag).statusCode())
                .isEqualTo(206);
        assertThat(get(sha256, "Range", "bytes=0-1", "If-Range", LAST_MODIFIED).statusCode())
                .isEqualTo(206);
        assertThat(get(sha256, "Range", "bytes=0-1", "If-Range", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get(sha256, "Range", "bytes=0-1", "If-Range", "W/" + etag).statusCode())
                .isEqualTo(200);
        assertThat(get(sha256, "Range", "bytes=0-1", "If-Range", "Fri, 02 Jan 2026 03:04:06 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFileThatTheCallerHas_is304WithoutABody() {
        for (String known : List.of(etag, "W/" + etag, "*", "\"a\", " + etag)) {
            HttpResponse<byte[]> answer = get(sha256, "If-None-Match", known, "Range", "bytes=0-1");
            assertThat(answer.statusCode()).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue("etag")).contains(etag);
        }
        assertThat(get(sha256, "If-Modified-Since", LAST_MODIFIED).statusCode()).isEqualTo(304);
        assertThat(get(sha256, "If-None-Match", "\"other\"", "If-Modified-Since", LAST_MODIFIED)
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(sha256, "If-Modified-Since", "Fri, 02 Jan 2026 03:04:04 GMT")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(sha256, "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
    }

    @Test
    void aCallerThatHangsUp_leavesNoFileOpen() throws IOException {
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send("GET /downloads/" + sha256 + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            RunningGateway.await("the file is open", () -> isOpen(sha256));
            connection.reset();
        }
        everyFileIsClosed();
    }

    @Test
    void aCallerThatReadsNothing_isCutOff() throws IOException {
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send("GET /downloads/" + sha256 + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            RunningGateway.await("the file is open", () -> isOpen(sha256));
            everyFileIsClosed();
            assertThat(connection.receive(PATIENCE).responses()).isEmpty();
        }
    }

    @Test
    void aConnection_goesOnAfterADownload() throws IOException {
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            for (int i = 1; i <= 3; i++) {
                connection.send("GET /downloads/" + sha256
                        + " HTTP/1.1\r\nHost: gateway\r\nRange: bytes=0-9\r\n\r\nGET /downloads/" + sha256
                        + " HTTP/1.1\r\nHost: gateway\r\nIf-None-Match: *\r\n\r\n");
                assertThat(connection.receive(2 * i, PATIENCE).statuses()).hasSize(2 * i);
            }
        }
    }

    private HttpResponse<byte[]> get() {
        return get(sha256);
    }

    private HttpResponse<byte[]> get(String file, String... headers) {
        return send(request(file, headers).GET().build());
    }

    private HttpRequest.Builder request(String file, String... headers) {
        return routes.gateway().request("/downloads/" + file, headers);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return routes.gateway().client().send(request, BodyHandlers.ofByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static byte[] content() {
        byte[] bytes = new byte[SIZE];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private String keep(byte[] bytes) {
        HttpResponse<String> answer = routes.gateway()
                .send(routes.gateway()
                        .request("/uploads/keep", "Content-Type", Multipart.TYPE)
                        .POST(BodyPublishers.ofByteArray(
                                new Multipart().file("kept.txt", bytes).bytes()))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(UploadTest.sha256(bytes));
        return answer.body();
    }

    /** Whether this process has the file open, as Linux tells. */
    private static boolean isOpen(String name) {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.anyMatch(number -> isLinkTo(number, name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isLinkTo(Path number, String name) {
        try {
            return Files.readSymbolicLink(number).endsWith(name);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
