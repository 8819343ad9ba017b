package ai.robutler.portal.content;

import ai.robutler.support.GatewayProcess;
import ai.robutler.support.Json;
import ai.robutler.support.Multipart;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A server process with a portal in a folder of its own, and what its admin does with files. */
final class ContentServer implements AutoCloseable {
    /** No limits of callers, and no patience with model servers. */
    static final Map<String, String> ENVIRONMENT = Map.of(
            "GATEWAY_RATE_LIMIT_BURST", "0",
            "GATEWAY_RATE_LIMIT_MINUTE", "0",
            "GATEWAY_RATE_LIMIT_HOUR", "0",
            "GATEWAY_RATE_LIMIT_DAY", "0");

    private final Path home;
    private final GatewayProcess process;
    private final String base;
    private final String key;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ContentServer(Path home, GatewayProcess process) throws IOException {
        this.home = home;
        this.process = process;
        this.base = "http://127.0.0.1:" + process.awaitPort();
        this.key = Files.readString(home.resolve("data/admin-key")).strip();
    }

    GatewayProcess process() {
        return process;
    }

    int port() {
        return URI.create(base).getPort();
    }

    String key() {
        return key;
    }

    /** Uploads so many bytes that follow from the seed, as they are made; the body's length is not told. */
    HttpResponse<String> upload(String name, long seed, long bytes) throws IOException {
        byte[] head = new Multipart()
                .part("form-data; name=\"file\"; filename=\"" + name + "\"", new byte[0])
                .open();
        String start = new String(head, 0, head.length - 2, StandardCharsets.UTF_8);
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(start),
                BodyPublishers.ofInputStream(() -> content(seed, bytes)),
                BodyPublishers.ofString("\r\n--" + Multipart.BOUNDARY + "--\r\n"));
        return send(
                request("/api/content").header("Content-Type", Multipart.TYPE).POST(body), BodyHandlers.ofString());
    }

    /** The SHA-256 of what is downloaded. */
    String download(String id) throws IOException {
        HttpResponse<InputStream> answer =
                send(request("/api/content/" + id + "/download").GET(), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new AssertionError("status " + answer.statusCode());
        }
        try (InputStream in = answer.body()) {
            return sha256(in);
        }
    }

    /** Every file that there is. */
    List<JsonNode> list() throws IOException {
        HttpResponse<String> answer = send(request("/api/content?limit=200").GET(), BodyHandlers.ofString());
        return StreamSupport.stream(Json.of(answer).path("files").spliterator(), false)
                .toList();
    }

    /** The names of all contents on the disk. */
    Set<String> blobs() {
        return files("content", "[0-9a-f]{64}");
    }

    /** What is coming, or was when a process was killed. */
    Set<String> incoming() {
        return files("content/incoming", ".*");
    }

    private Set<String> files(String folder, String pattern) {
        try (Stream<Path> files = Files.walk(home.resolve("data").resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches(pattern))
                    .collect(Collectors.toSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + key);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try {
            return client.send(request.build(), handler);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static String sha256(long seed, long bytes) throws IOException {
        return sha256(content(seed, bytes));
    }

    private static String sha256(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Bytes that follow from the seed. */
    static InputStream content(long seed, long bytes) {
        byte[] block = new byte[64 * 1024];
        new Random(seed).nextBytes(block);
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                return at >= bytes ? -1 : next();
            }

            private int next() {
                int value = block[(int) (at % block.length)] ^ (int) (at / block.length);
                at++;
                return value & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (at >= bytes) {
                    return -1;
                }
                int count = (int) Math.min(length, bytes - at);
                for (int i = 0; i < count; i++) {
                    into[from + i] = (byte) next();
                }
                return count;
            }
        };
    }

    @Override
    public void close() {
        process.close();
    }
}
