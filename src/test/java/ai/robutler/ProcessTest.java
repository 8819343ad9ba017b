package ai.robutler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.Break;
import ai.robutler.support.GatewayProcess;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.SseReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway in processes of its own, from start to signal, as the operator sees it. */
final class ProcessTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CHAT = "/assistant/chat/completions";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final FakeModelServer model = new FakeModelServer();

    @TempDir
    private Path home;

    @BeforeEach
    void copy() throws IOException {
        GatewayProcess.copyShipped(home);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void withoutConfiguration_theBannersCommandIsAnswered_andNothingElseIsOpen() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(home, Map.of())) {
            int port = gateway.awaitPort();
            HttpResponse<String> answer = chat(port, "Hello!");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).containsIgnoringCase("no language model is connected");
            assertThat(runBannersCommand(gateway))
                    .containsIgnoringCase("no language model is connected")
                    .contains("\"chat.completion\"");
            for (String path : List.of(
                    "/application.properties",
                    "/ai/robutler/application.properties",
                    "/ai/robutler/Application.class",
                    "/config/application.properties",
                    "/config/models.yaml",
                    "/log4j2.properties",
                    "/META-INF/MANIFEST.MF",
                    "/routes/chat-completions.camel.yaml",
                    "/static/index.html",
                    "/index.html",
                    "/q/dev",
                    "/q/health",
                    "/observe/health",
                    "/..%2fconfig%2fapplication.properties",
                    "/assistant/..%2f..%2fconfig")) {
                HttpResponse<String> file = getUnlimited(port, path);
                assertThat(file.statusCode()).as(path).isIn(400, 404, 405);
                assertThat(JSON.readTree(file.body()).path("error").path("code").asText())
                        .as(path)
                        .isNotEmpty();
            }
            if (Files.exists(Path.of("/proc/self/net/tcp"))) {
                Map<Integer, Boolean> ports = listening(gateway.process().pid());
                assertThat(ports.remove(port)).as("the server's port").isNotNull();
                assertThat(ports.values())
                        .as("others, but the demo model's: %s", ports)
                        .hasSizeLessThanOrEqualTo(1);
                assertThat(ports.values()).as("on loopback only: %s", ports).doesNotContain(false);
            }
        }
    }

    @Test
    void sigterm_refusesNewRequests_andEndsTheStreamWhole() throws Exception {
        model.behave(Behaviour.DEFAULT.withChunks(40, "word ").withGap(Duration.ofMillis(100)));
        try (GatewayProcess gateway = GatewayProcess.start(home, environment())) {
            int port = gateway.awaitPort();
            try (SseReader stream = stream(port)) {
                stream.next();
                gateway.terminate();
                RunningGateway.await("new requests are refused", () -> refuses(port, "/ready"));
                assertThat(refuses(port, "/health")).isTrue();
                assertThat(model.openStreams()).isEqualTo(1);
                List<SseReader.Event> rest = stream.rest();
                assertThat(rest.get(rest.size() - 1).done()).isTrue();
                assertThat(rest.toString().split("word ", -1)).hasSizeGreaterThanOrEqualTo(40);
                assertThat(stream.unfinished()).isEmpty();
            }
            assertThat(gateway.awaitExit()).isZero();
        }
    }

    @Test
    void sigterm_doesNotWaitForEverForAStreamThatHangs() throws Exception {
        model.behave(Behaviour.DEFAULT.withBreak(Break.HANG, 2));
        Map<String, String> environment = environment();
        environment.put("GATEWAY_SHUTDOWN_TIMEOUT", "2s");
        try (GatewayProcess gateway = GatewayProcess.start(home, environment)) {
            int port = gateway.awaitPort();
            try (SseReader stream = stream(port)) {
                stream.next();
                gateway.terminate();
                assertThat(gateway.awaitExit()).isZero();
            }
        }
    }

    @Test
    void aTakenPort_stopsTheStartInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertRefusedStart(
                    Map.of("PORT", String.valueOf(taken.getLocalPort())),
                    String.valueOf(taken.getLocalPort()),
                    "set PORT");
        }
    }

    @Test
    void aBrokenRoute_stopsTheStartInOneLine() throws Exception {
        Path file = home.resolve("routes/operations.camel.yaml");
        Files.writeString(file, Files.readString(file).replace("- route:", "- rout:"));
        assertRefusedStart(Map.of(), "operations.camel.yaml");
    }

    @Test
    void anUnknownSetting_stopsTheStartInOneLine() throws Exception {
        Path file = home.resolve("config/application.properties");
        Files.writeString(file, Files.readString(file) + "\ngateway.max-body-byte = 1\n");
        assertRefusedStart(Map.of(), "gateway.max-body-byte", "application.properties", "gateway.max-body-bytes");
    }

    @Test
    void aBrokenModelsFile_stopsTheStartInOneLine() throws Exception {
        Files.writeString(home.resolve("config/models.yaml"), "providers:\n  - name: a\n    base_urll: http://x\n");
        assertRefusedStart(Map.of(), "models.yaml", "base_urll");
    }

    @Test
    void anUnknownProfile_stopsTheStartInOneLine() throws Exception {
        assertRefusedStart(Map.of("ROBUTLER_PROFILE", "staging"), "robutler.profile", "staging", "prod");
    }

    @Test
    void afterKill_theSamePortIsServedAgain() throws Exception {
        Map<String, String> environment = environment();
        int port;
        try (GatewayProcess gateway = GatewayProcess.start(home, environment)) {
            port = gateway.awaitPort();
            try (SseReader stream = stream(port)) {
                stream.next();
                gateway.process().destroyForcibly();
                gateway.awaitExit();
            }
        }
        environment.put("PORT", String.valueOf(port));
        try (GatewayProcess again = GatewayProcess.start(home, environment)) {
            assertThat(again.awaitPort()).isEqualTo(port);
            assertThat(chat(port, "Hello!").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void inProduction_everyLineIsJson_andEveryAnswerHasOneUsageLine() throws Exception {
        Map<String, String> environment = environment();
        environment.put("ROBUTLER_PROFILE", "prod");
        liftBurst(environment);
        try (GatewayProcess gateway = GatewayProcess.start(home, environment)) {
            int port = gateway.awaitPort();
            Set<String> answered = new HashSet<>();
            String forged = "{\"model\":\"x\\r\\nusage requestId=forged\",\"user\":\"a\\nusage requestId=forged\","
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"a\\r\\nusage requestId=forged\"}]}";
            for (int i = 0; i < 3; i++) {
                String request = "POST " + CHAT + " HTTP/1.1\r\nHost: gateway\r\nX-Request-ID: right-" + i
                        + "\r\nX-User-ID: a\r\n usage requestId=forged\r\nUser-Agent: a%0d%0ausage requestId=forged\r\n"
                        + "Content-Length: " + forged.length() + "\r\nConnection: close\r\n\r\n" + forged;
                assertThat(RawHttp.exchange(port, request, PATIENCE).statuses()).containsExactly(200);
                answered.add("right-" + i);
            }
            String split =
                    "POST " + CHAT + " HTTP/1.1\r\nHost: gateway\r\nX-Request-ID: a\rusage requestId=forged\r\n\r\n";
            assertThat(RawHttp.exchange(port, split, PATIENCE).statuses()).containsExactly(400);
            HttpResponse<String> last = chat(port, "Hello!", "X-Request-ID", "has a blank, so it is replaced");
            answered.add(last.headers().firstValue("X-Request-ID").orElseThrow());

            RunningGateway.await(
                    "a usage line for each", () -> usageLines(gateway).size() >= answered.size());
            gateway.terminate();
            assertThat(gateway.awaitExit()).isZero();
            List<String> usage = usageLines(gateway);
            assertThat(usage).hasSize(answered.size());
            assertThat(usage).allMatch(line -> line.startsWith("usage requestId="));
            assertThat(usage.stream().map(line -> line.substring("usage requestId=".length(), line.indexOf(" agent"))))
                    .containsExactlyInAnyOrderElementsOf(answered);
            for (String line : gateway.output()) {
                assertThat(JSON.readTree(line).path("message").isTextual())
                        .as(line)
                        .isTrue();
            }
        }
    }

    @Test
    void noSecret_isEverWritten() throws Exception {
        Map<String, String> environment = environment();
        environment.put("OPENAI_API_KEY", "sk-canary-provider");
        liftBurst(environment);
        model.next(
                Behaviour.DEFAULT,
                Behaviour.DEFAULT.withStatus(401).withBody(error("Incorrect API key: sk-canary-provider")),
                Behaviour.DEFAULT.withStatus(400).withBody(error("Bad request of sk-canary-provider")),
                Behaviour.DEFAULT.withBody("not JSON, sk-canary-provider"));
        StringBuilder seen = new StringBuilder();
        try (GatewayProcess gateway = GatewayProcess.start(home, environment)) {
            int port = gateway.awaitPort();
            for (int i = 0; i < 4; i++) {
                seen.append(shown(chat(port, "Hello!", "X-Payment-Token", "pt_canary_payment")));
            }
            assertThat(model.requests()).isGreaterThanOrEqualTo(4);
            assertThat(model.received().get(0).header("Authorization")).contains("Bearer sk-canary-provider");
            seen.append(shown(chat(port, "Hello!", "Authorization", "Bearer rok_canary_caller")));
            seen.append(shown(chat(port, "Hello!", "Authorization", "Basic rok_canary_caller")));
            seen.append(shown(chat(port, "Hello!", "X-API-Key", "rok_canary_caller")));
            seen.append(shown(chat(port, "Hello!", "X-API-Key", "rok_canary_caller", "X-API-Key", "rok_canary_2")));
            seen.append(shown(get(port, "/health?key=rok_canary_caller&payment_token=pt_canary_payment")));
            for (String path :
                    List.of("/", "/agents", "/assistant", "/health/detailed", "/stats", "/metrics", "/v1/models")) {
                seen.append(shown(get(port, path)));
            }
            assertThat(model.received().toString()).doesNotContain("rok_canary").doesNotContain("pt_canary");
            gateway.terminate();
            assertThat(gateway.awaitExit()).isZero();
            assertThat(seen.toString()).doesNotContain("canary");
            assertThat(gateway.output().toString()).contains("usage requestId=").doesNotContain("canary");
            assertThat(gateway.errors().toString()).doesNotContain("canary");
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("OPENAI_BASE_URL", model.baseUrl());
        environment.put("OPENAI_MODEL", "fake-model");
        return environment;
    }

    private static void liftBurst(Map<String, String> environment) {
        environment.put("GATEWAY_RATE_LIMIT_BURST", "0");
    }

    private static String error(String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"invalid_request_error\"}}";
    }

    private static String shown(HttpResponse<String> answer) {
        return answer.statusCode() + " " + answer.headers().map() + " " + answer.body() + "\n";
    }

    private void assertRefusedStart(Map<String, String> environment, String... named) throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(home, environment)) {
            assertThat(gateway.awaitExit()).isEqualTo(1);
            assertThat(gateway.output()).hasSize(1);
            assertThat(gateway.output().get(0)).contains("cannot start: ").contains(named);
            assertThat(String.join("\n", gateway.errors()))
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    private static String runBannersCommand(GatewayProcess gateway) throws Exception {
        String line = gateway.output().stream()
                .filter(text -> text.contains(" curl "))
                .findFirst()
                .orElseThrow();
        assumeTrue(succeeds("command -v curl"), "no curl on this machine");
        Process curl = new ProcessBuilder("bash", "-c", line.substring(line.indexOf("curl ")) + " -sS").start();
        try {
            String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(curl.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(curl.exitValue()).as(line).isZero();
            return output;
        } finally {
            curl.destroyForcibly();
        }
    }

    private static boolean succeeds(String command) throws Exception {
        Process shell = new ProcessBuilder("bash", "-c", command).start();
        return shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && shell.exitValue() == 0;
    }

    private static List<String> usageLines(GatewayProcess gateway) {
        return gateway.output().stream()
                .map(ProcessTest::message)
                .filter(message -> message.contains("usage requestId="))
                .toList();
    }

    private static String message(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            return event.path("message").asText();
        } catch (IOException notJson) {
            return line;
        }
    }

    /** Whether a new request is turned away: by 503, or no connection at all. */
    private boolean refuses(int port, String path) {
        try {
            return get(port, path).statusCode() == 503;
        } catch (IOException refused) {
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(request(port, path).GET().build(), BodyHandlers.ofString());
    }

    /** Waits while the burst limit refuses. */
    private HttpResponse<String> getUnlimited(int port, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(port, path);
        for (int i = 0; answer.statusCode() == 429 && i < 1_000; i++) {
            TimeUnit.MILLISECONDS.sleep(20);
            answer = get(port, path);
        }
        return answer;
    }

    private HttpResponse<String> chat(int port, String text, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(port, CHAT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(RunningGateway.message(text, false)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private SseReader stream(int port) throws IOException, InterruptedException {
        HttpRequest request = request(port, CHAT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(RunningGateway.message("Hello!", true)))
                .build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new SseReader(answer.body());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
    }

    /** The ports that a process listens on, and whether on loopback only. */
    private static Map<Integer, Boolean> listening(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            for (Path file : open.toList()) {
                try {
                    sockets.add(Files.readSymbolicLink(file).toString());
                } catch (IOException closedMeanwhile) {
                    // not a listener then
                }
            }
        }
        Map<Integer, Boolean> ports = new HashMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "net", table))) {
                String[] fields = line.trim().split(" +", -1);
                if (fields.length > 9 && fields[3].equals("0A") && sockets.contains("socket:[" + fields[9] + "]")) {
                    String[] address = fields[1].split(":", -1);
                    boolean loopback = address[0].endsWith("0100007F");
                    ports.merge(Integer.parseInt(address[1], 16), loopback, Boolean::logicalAnd);
                }
            }
        }
        return ports;
    }
}
