package ai.robutler.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.Multipart;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RawHttp.Answers;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Uploads over HTTP, up to the step that finds them: what is taken, what is refused, and that nothing is left behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UploadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST = 300_000;
    private static final byte[] HELLO = "hello\r\n--not-the-boundary".getBytes(StandardCharsets.UTF_8);

    private final UploadRoutes routes = new UploadRoutes(
            "portal.content.max-file-bytes", Integer.toString(MOST),
            "portal.content.max-fields", "3",
            "portal.content.max-field-bytes", "1000",
            "gateway.body-timeout", "500ms",
            "gateway.upload-min-bytes", "100");

    @AfterEach
    void nothingIsLeft() {
        RunningGateway.await("no file is left", () -> routes.incoming().isEmpty());
    }

    @AfterAll
    void close() {
        routes.close();
    }

    @Test
    void anUpload_isStoredAndHashedAndDeletedInTheEnd() throws IOException {
        JsonNode told = told(new Multipart()
                .field("visibility", "public")
                .file("a \\\"b\\\" ä.txt", HELLO)
                .field("tags", "x")
                .field("tags", "y"));

        assertThat(told.path("sha256").asText()).isEqualTo(sha256(HELLO));
        assertThat(told.path("size").asInt()).isEqualTo(HELLO.length);
        assertThat(told.path("fileName").asText()).isEqualTo("a \"b\" ä.txt");
        assertThat(told.path("contentType").asText()).isEqualTo("text/plain");
        assertThat(told.path("fields").toString()).isEqualTo("{\"visibility\":[\"public\"],\"tags\":[\"x\",\"y\"]}");
        assertThat(told.path("stored").asBoolean()).isTrue();
    }

    @Test
    void anEmptyFile_isAnUpload() throws IOException {
        assertThat(told(new Multipart().file("empty", new byte[0]))
                        .path("sha256")
                        .asText())
                .isEqualTo(sha256(new byte[0]));
    }

    @Test
    void theLongestFile_isTaken_andOneByteMoreIs413() throws IOException {
        byte[] longest = random(MOST);
        assertThat(told(new Multipart().file("longest", longest)).path("sha256").asText())
                .isEqualTo(sha256(longest));

        HttpResponse<String> refused =
                post("tell", new Multipart().file("longer", random(MOST + 1)).bytes());
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("300000 bytes (portal.content.max-file-bytes)");
    }

    @Test
    void aBodyThatSaysThatItIsTooLong_is413BeforeItIsInvited() throws IOException {
        Answers answers = RawHttp.exchange(
                routes.gateway().port(),
                head("tell") + "Content-Length: 99999999999999999\r\nExpect: 100-continue\r\n\r\n",
                PATIENCE);
        assertThat(answers.statuses()).containsExactly(413);
    }

    @Test
    void aBody_isInvitedOnceTheCallerIsKnown() throws IOException {
        byte[] body = new Multipart().file("invited", HELLO).bytes();
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send(head("tell") + "Content-Length: " + body.length + "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(connection.receive(1, PATIENCE).statuses()).containsExactly(100);
            connection.send(body);
            assertThat(connection.receive(2, PATIENCE).statuses()).containsExactly(100, 200);
        }
    }

    @Test
    void anUnknownCaller_isRefusedBeforeAByteOfTheBodyIsRead() throws IOException {
        Answers answers = RawHttp.exchange(
                routes.gateway().port(),
                head("tell") + "Content-Length: 200000\r\nAuthorization: Basic abc\r\nExpect: 100-continue\r\n\r\n",
                PATIENCE);
        assertThat(answers.statuses()).containsExactly(401);
        assertThat(answers.responses().get(0).header("Connection")).contains("close");
        assertThat(routes.incoming()).isEmpty();
    }

    @Test
    void aCallerThatSendsAllTheSame_readsWhyItIsRefused() throws IOException {
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send(head("tell") + "Content-Length: 20000000\r\nAuthorization: Basic abc\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                connection.send(new byte[1_000_000]);
            }
            assertThat(connection.receive(PATIENCE).statuses()).containsExactly(401);
        }
    }

    @Test
    void anotherType_is415() throws IOException {
        HttpResponse<String> answer = routes.gateway().post("/uploads/tell", "{}");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("multipart/form-data, not 'application/json'");
    }

    @Test
    void whatIsNoUpload_isRefusedWithTheReason() throws IOException {
        assertRefused(new Multipart().field("a", "b"), 400, "The upload has no file");
        assertRefused(new Multipart().field("file", "b"), 400, "needs a file name");
        assertRefused(new Multipart().file("", HELLO), 400, "The upload has no file");
        assertRefused(new Multipart().file("a", HELLO).file("b", HELLO), 400, "An upload has one file");
        assertRefused(
                new Multipart().part("form-data; name=\"data\"; filename=\"x\"", HELLO), 400, "in the part 'file'");
        assertRefused(new Multipart().field("a", "x".repeat(1001)), 413, "1000 bytes (portal.content.max-field-bytes)");
        assertRefused(
                new Multipart().field("a", "").field("b", "").field("c", "").field("d", ""),
                400,
                "at most 3 fields beside the file (portal.content.max-fields)");
        assertRefused(new Multipart().part("attachment", HELLO), 400, "is not form-data with a name");
        assertThat(post("tell", new Multipart().file("open", HELLO).open()).body())
                .contains("ends before its last boundary");
    }

    @Test
    void aCallerThatHangsUpMidway_leavesNothing() throws IOException {
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send(head("tell") + "Content-Length: 200000\r\n\r\n");
            connection.send(new Multipart().file("half", random(100_000)).open());
            RunningGateway.await("the half is stored", this::somethingIsStored);
            connection.reset();
        }
        nothingIsLeft();
    }

    @Test
    void aCallerThatBringsTooLittle_is408() throws IOException {
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send(head("tell") + "Content-Length: 200000\r\n\r\n");
            connection.send(new Multipart().file("slow", random(1_000)).open());
            Answers answers = connection.receive(1, PATIENCE);
            assertThat(answers.statuses()).containsExactly(408);
            assertThat(answers.responses().get(0).body()).contains("at least 100 (gateway.body-timeout");
        }
    }

    @Test
    void aSlowUploadThatGoesOn_mayTakeLongerThanTheTimeout() throws IOException {
        byte[] body = new Multipart().file("slow", random(30_000)).bytes();
        long began = System.nanoTime();
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            connection.send(head("tell") + "Content-Length: " + body.length + "\r\n\r\n");
            int at = 0;
            while (at < body.length) {
                int end = Math.min(body.length, at + 500);
                connection.send(Arrays.copyOfRange(body, at, end));
                at = end;
                if (at < body.length) {
                    assertThat(connection.receive(1, Duration.ofMillis(20)).statuses())
                            .isEmpty();
                }
            }
            assertThat(connection.receive(1, PATIENCE).statuses()).containsExactly(200);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void moreUploadsAtTheSameTimeThanAreTaken_are503() throws IOException {
        try (UploadRoutes narrow = new UploadRoutes("portal.content.max-uploads", "1")) {
            byte[] body = new Multipart().file("x", HELLO).bytes();
            try (RawHttp busy = new RawHttp(narrow.gateway().port())) {
                busy.send(head("tell") + "Content-Length: 9999\r\nExpect: 100-continue\r\n\r\n");
                assertThat(busy.receive(1, PATIENCE).statuses()).containsExactly(100);
                HttpResponse<String> refused = post(narrow, "tell", body);
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("as many uploads as it can: 1 (portal.content.max-uploads)");
            }
            RunningGateway.await(
                    "there is room again", () -> post(narrow, "tell", body).statusCode() == 200);
        }
    }

    @Test
    void aStepThatBreaks_leavesNothing() throws IOException {
        assertThat(post("fail", new Multipart().file("x", HELLO).bytes()).statusCode())
                .isEqualTo(500);
    }

    @Test
    void afterAnUpload_theConnectionGoesOn() throws IOException {
        byte[] body = new Multipart().file("x", HELLO).bytes();
        try (RawHttp connection = new RawHttp(routes.gateway().port())) {
            for (int i = 1; i <= 3; i++) {
                connection.send(head("tell") + "Content-Length: " + body.length + "\r\n\r\n");
                connection.send(body);
                assertThat(connection.receive(i, PATIENCE).statuses())
                        .hasSize(i)
                        .containsOnly(200);
            }
        }
    }

    @Test
    void theFolder_isItsOwnersOnly() throws IOException {
        Path folder = routes.gateway().home().resolve("data/content/incoming");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    private boolean somethingIsStored() {
        return routes.incoming().stream().anyMatch(file -> file.toFile().length() > 0);
    }

    private void assertRefused(Multipart body, int status, String reason) throws IOException {
        HttpResponse<String> answer = post("tell", body.bytes());
        assertThat(answer.body()).contains(reason);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private JsonNode told(Multipart body) throws IOException {
        HttpResponse<String> answer = post("tell", body.bytes());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer);
    }

    private HttpResponse<String> post(String what, byte[] body) {
        return post(routes, what, body);
    }

    private static HttpResponse<String> post(UploadRoutes to, String what, byte[] body) {
        return to.gateway()
                .send(to.gateway()
                        .request("/uploads/" + what, "Content-Type", Multipart.TYPE)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build());
    }

    private static String head(String what) {
        return "POST /uploads/" + what + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: " + Multipart.TYPE + "\r\n";
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
