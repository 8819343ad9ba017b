package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, up and down. */
final class ContentCommandTest {
    private final FakePortal portal = new FakePortal();

    @TempDir
    private Path folder;

    private TestHost host() {
        return new TestHost(portal.port(), folder.resolve("none"));
    }

    @AfterEach
    void close() {
        portal.close();
    }

    @Test
    void upload_isAFormWithTheFileLast() throws IOException {
        Path file = Files.writeString(folder.resolve("a \"b\".txt"), "Grüße\r\n--x\r\n");
        portal.answer(200, "{\"file\":{\"id\":\"f1\",\"name\":\"a.txt\",\"size\":15}}");

        Result result = host().run(
                        "content",
                        "upload",
                        file.toString(),
                        "--public",
                        "--tag",
                        "a",
                        "--tag",
                        "b",
                        "--description",
                        "What");

        assertThat(result).isEqualTo(new Result(0, "id    f1\nname  a.txt\nsize  15\n", ""));
        FakePortal.Request request = portal.last();
        String type = String.valueOf(request.headers().getFirst("Content-Type"));
        assertThat(type).startsWith("multipart/form-data; boundary=");
        String boundary = "--" + type.replaceFirst(".*boundary=", "");
        assertThat(request.body())
                .isEqualTo(boundary + "\r\nContent-Disposition: form-data; name=\"visibility\"\r\n\r\npublic\r\n"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nWhat\r\n" + boundary
                        + "\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na,b\r\n" + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.txt\"\r\n"
                        + "Content-Type: text/plain\r\n\r\nGrüße\r\n--x\r\n\r\n" + boundary + "--\r\n");
        assertThat(request.headers().getFirst("Content-Length"))
                .isEqualTo(String.valueOf(request.body().getBytes(StandardCharsets.UTF_8).length));
    }

    @Test
    void uploadThatIsTooLarge_tellsWhatTheServerSays() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "x");
        portal.answer(413, "{\"message\":\"102 of 100 MiB\"}");

        Result result = host().run("content", "upload", file.toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.err()).contains("102 of 100 MiB");
    }

    @Test
    void uploadOfNoFile_is1() {
        assertThat(host().run("content", "upload", folder.toString()).exitCode())
                .isEqualTo(ExitCode.FAILED);
        assertThat(host().run("content", "upload", "nowhere").err())
                .contains("nowhere")
                .hasLineCount(1);
        assertThat(portal.requests()).isEmpty();
    }

    @Test
    void download_writesTheFileWhole() throws IOException {
        Path target = folder.resolve("got.txt");
        offer("x.txt", "content", sha256("content"));

        Result result = host().run("content", "download", "f 1", "--to", target.toString());

        assertThat(result).isEqualTo(new Result(0, "", "wrote " + target + "\n"));
        assertThat(target).hasContent("content");
        assertThat(portal.requests())
                .extracting(Object::toString)
                .containsExactly("GET /api/content/f%201", "GET /api/content/f%201/download");
    }

    @Test
    void downloadIntoAFolder_takesTheLastPartOfTheNameOnly() throws IOException {
        offer("../../evil\\\\..\\\\x:y.txt", "content", "");

        assertThat(host().run("content", "download", "f1", "--to", folder.toString())
                        .exitCode())
                .isZero();

        assertThat(list()).containsExactly("x_y.txt");
    }

    @Test
    void downloadOfWhatIsThere_needsForce() throws IOException {
        Path target = Files.writeString(folder.resolve("got.txt"), "mine");
        portal.answer(200, "{\"name\":\"x\"}");

        Result refused = host().run("content", "download", "f1", "--to", target.toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("--force");
        assertThat(target).hasContent("mine");
        assertThat(portal.requests()).hasSize(1);

        offer("x", "theirs", "");
        assertThat(host().run("content", "download", "f1", "--force", "--to", target.toString())
                        .exitCode())
                .isZero();
        assertThat(target).hasContent("theirs");
    }

    @Test
    void downloadThatIsNotWhatWasUploaded_leavesNothing() throws IOException {
        offer("x.txt", "changed", sha256("content"));

        Result result = host().run(
                        "content",
                        "download",
                        "f1",
                        "--to",
                        folder.resolve("got").toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(result.err()).contains("SHA-256").hasLineCount(1);
        assertThat(list()).isEmpty();
    }

    @Test
    void downloadThatIsRefused_leavesNothing() throws IOException {
        portal.answer(200, "{\"name\":\"x\"}").answer(404, "{\"message\":\"gone\"}");

        assertThat(host().run(
                                "content",
                                "download",
                                "f1",
                                "--to",
                                folder.resolve("got").toString())
                        .exitCode())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(list()).isEmpty();
    }

    @Test
    void downloadToStandardOutput_isTheBytesAlone() throws IOException {
        offer("x.txt", "Grüße", sha256("Grüße"));

        assertThat(host().run("content", "download", "f1", "--to", "-")).isEqualTo(new Result(0, "Grüße", ""));
    }

    @Test
    void bar_isOnATerminalOnly_andIsTakenAway() throws IOException {
        Path target = folder.resolve("got.txt");
        offer("x.txt", "content", "");
        String shown = host().onTerminal(40)
                .run("content", "download", "f1", "--to", target.toString())
                .out();

        assertThat(shown).startsWith("\rdownloading [").endsWith("\r\u001b[K");
        assertThat(shown.split("\u001b\\[K", -1))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
    }

    private void offer(String name, String text, String sha256) {
        portal.answer(
                        200,
                        "{\"id\":\"f1\",\"name\":\"" + name + "\",\"size\":" + text.length() + ",\"sha256\":\"" + sha256
                                + "\"}")
                .answer(200, text);
    }

    private List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
