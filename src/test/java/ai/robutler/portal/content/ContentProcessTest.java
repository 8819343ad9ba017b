package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.GatewayProcess;
import ai.robutler.support.Json;
import ai.robutler.support.Multipart;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in a process of its own: in little memory, on a full disk, and killed in the midst of uploads. */
final class ContentProcessTest {
    private static final long LARGEST = 104_857_600;
    private static final long MEBIBYTE = 1_048_576;
    private static final long MOST_EXTRA = 64 * MEBIBYTE;

    @TempDir
    private Path home;

    @Test
    void theLargestFile_comesAndGoesInLittleMemory() throws Exception {
        List<String> jvm = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=32m");
        GatewayProcess.copyShipped(home);
        try (ContentServer server =
                new ContentServer(home, GatewayProcess.start(home, ContentServer.ENVIRONMENT, jvm))) {
            server.download(id(server.upload("small", 1, MEBIBYTE)));
            long before = memory(server, "VmRSS");
            String expected = ContentServer.sha256(2, LARGEST);

            String id = id(server.upload("largest", 2, LARGEST));
            assertThat(server.download(id)).isEqualTo(expected);
            assertThat(server.upload("larger", 3, LARGEST + 1).statusCode()).isEqualTo(413);

            assertThat(memory(server, "VmHWM") - before).isLessThan(MOST_EXTRA);
            RunningGateway.await("nothing is left", () -> server.incoming().isEmpty());
        }
    }

    @Test
    void onAFullDisk_anUploadIs503AndLeavesNothing() throws Exception {
        GatewayProcess.copyShipped(home);
        int most = 4 * (int) MEBIBYTE;
        try (ContentServer server =
                new ContentServer(home, GatewayProcess.startWithSmallDisk(home, ContentServer.ENVIRONMENT, most))) {
            HttpResponse<String> refused = server.upload("too much", 1, most + MEBIBYTE);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("The file cannot be stored now: the server's disk is full");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            RunningGateway.await("nothing is left", () -> server.incoming().isEmpty());
            assertThat(server.blobs()).isEmpty();

            assertThat(server.download(id(server.upload("enough", 2, MEBIBYTE))))
                    .isEqualTo(ContentServer.sha256(2, MEBIBYTE));
        }
    }

    @Test
    void aProcessThatIsKilled_losesNoFileThatItHasTakenAndLeavesNothingOver() throws Exception {
        GatewayProcess.copyShipped(home);
        Map<String, String> kept = new ConcurrentHashMap<>();
        for (int round = 0; round < 4; round++) {
            try (ContentServer server = start()) {
                assertWhole(server, kept);
                uploadUntilKilled(server, round, kept);
            }
        }
        try (ContentServer server = start()) {
            assertWhole(server, kept);
        }
    }

    private ContentServer start() throws IOException {
        return new ContentServer(home, GatewayProcess.start(home, ContentServer.ENVIRONMENT));
    }

    /** What was told to be kept is, and there is nothing that nobody was told of but whole files. */
    private static void assertWhole(ContentServer server, Map<String, String> kept) throws IOException {
        assertThat(server.incoming()).isEmpty();
        Map<String, String> listed = new HashMap<>();
        for (JsonNode file : server.list()) {
            listed.put(file.path("id").asText(), file.path("sha256").asText());
        }
        assertThat(listed).containsAllEntriesOf(kept);
        assertThat(server.blobs()).isEqualTo(listed.values().stream().collect(Collectors.toSet()));
        for (Map.Entry<String, String> file : listed.entrySet()) {
            assertThat(server.download(file.getKey())).isEqualTo(file.getValue());
        }
    }

    private static void uploadUntilKilled(ContentServer server, int round, Map<String, String> kept) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        AtomicBoolean killed = new AtomicBoolean();
        int before = kept.size();
        try (RawHttp half = new RawHttp(server.port())) {
            for (int thread = 0; thread < 3; thread++) {
                int first = round * 3_000 + thread * 1_000;
                threads.execute(() -> uploadMany(server, first, killed, kept));
            }
            half.send("POST /api/content HTTP/1.1\r\nHost: portal\r\nAuthorization: Bearer " + server.key()
                    + "\r\nContent-Type: " + Multipart.TYPE + "\r\nContent-Length: 9000000\r\n\r\n");
            half.send(new Multipart()
                    .file("half", "x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8))
                    .open());
            RunningGateway.await("files are kept", () -> kept.size() >= before + 12);
            assertThat(server.incoming()).isNotEmpty();
            killed.set(true);
            server.process().process().destroyForcibly();
            server.process().awaitExit();
        } finally {
            threads.shutdown();
        }
    }

    private static void uploadMany(ContentServer server, int first, AtomicBoolean killed, Map<String, String> kept) {
        try {
            for (int seed = first; ; seed++) {
                HttpResponse<String> answer = server.upload("file " + seed, seed, 200_000 + seed);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                kept.put(id(answer), ContentServer.sha256(seed, 200_000 + seed));
            }
        } catch (IOException gone) {
            assertThat(killed).isTrue();
        }
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer).path("id").asText();
    }

    private static long memory(ContentServer server, String name) throws IOException {
        Path status = Path.of("/proc", Long.toString(server.process().process().pid()), "status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
