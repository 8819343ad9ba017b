package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.robutler.gateway.model.demo.DemoModelServer;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalModelProbeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String LLAMA =
            "{\"object\":\"list\",\"data\":[{\"id\":\"llama3\",\"object\":\"model\",\"owned_by\":\"library\"}]}";

    private final List<HttpServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void find_serverWithModels_isFound() throws Exception {
        String url = serving(200, LLAMA.replace("}]}", "},{\"id\":\"qwen\"}]}"));
        assertThat(find(LONG, url)).hasValue(new LocalModelProbe.Found(url, List.of("llama3", "qwen")));
    }

    @Test
    void find_ofSeveral_isTheFirstInTheList() throws Exception {
        String first = serving(200, LLAMA);
        String second = serving(200, LLAMA);
        assertThat(find(LONG, first, second))
                .map(LocalModelProbe.Found::baseUrl)
                .hasValue(first);
        assertThat(find(LONG, second, first))
                .map(LocalModelProbe.Found::baseUrl)
                .hasValue(second);
    }

    @Test
    void find_closingSlashOfTheAddressIsNoMatter() throws Exception {
        String url = serving(200, LLAMA) + "/";
        assertThat(find(LONG, url)).map(LocalModelProbe.Found::baseUrl).hasValue(url);
    }

    @Test
    void find_refusedAddress_isPassedOver() throws Exception {
        String url = serving(200, LLAMA);
        assertThat(find(LONG, refusing(), url))
                .map(LocalModelProbe.Found::baseUrl)
                .hasValue(url);
        assertThat(find(LONG, refusing())).isEmpty();
    }

    @Test
    void find_hangingServers_costTheTimeoutAtMost() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String hanging = "http://127.0.0.1:" + silent.getLocalPort() + "/v1";
            String url = serving(200, LLAMA);
            assertThat(find(SHORT, hanging, hanging)).isEmpty();
            assertThat(find(Duration.ofSeconds(2), hanging, url))
                    .map(LocalModelProbe.Found::baseUrl)
                    .hasValue(url);
        }
    }

    @Test
    void find_serverThatHangsInItsAnswer_isPassedOver() throws Exception {
        HttpServer server = server();
        server.createContext("/v1/models", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        });
        assertThat(find(SHORT, address(server))).isEmpty();
    }

    @Test
    void find_endlessAnswer_isPassedOver() throws Exception {
        assertThat(find(LONG, serving(200, LLAMA + " ".repeat(2 * 1024 * 1024))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    404 | {'data':[{'id':'a'}]}
                    401 | {'data':[{'id':'a'}]}
                    302 | {'data':[{'id':'a'}]}
                    200 | {'data':[]}
                    200 | {'data':null}
                    200 | {'data':{'x':{'id':'a'}}}
                    200 | {'data':[{'id':7},{'id':' '},{},null]}
                    200 | []
                    200 | <html>
                    200 | ``
                    """)
    void find_answerThatIsNoModelList_isPassedOver(int status, String body) throws Exception {
        assertThat(find(LONG, serving(status, body.replace('\'', '"')))).isEmpty();
    }

    @Test
    void find_gatewayOfOurs_isPassedOver() throws Exception {
        String ours = serving(200, LLAMA.replace("library", "robutler"));
        String url = serving(200, LLAMA);
        assertThat(find(LONG, ours)).isEmpty();
        assertThat(find(LONG, ours, url)).map(LocalModelProbe.Found::baseUrl).hasValue(url);
    }

    @Test
    void find_demoModel_isPassedOver() throws Exception {
        Vertx vertx = Vertx.vertx();
        int port = new DemoModelServer(vertx)
                .start()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(find(LONG, "http://127.0.0.1:" + port + "/v1")).isEmpty();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void find_noAddresses_isNothing() {
        assertThat(find(LONG)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:11434", "ftp://127.0.0.1/v1", "http:///v1", "http://a b/v1"})
    void addressThatIsNoUrl_isRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LocalModelProbe(List.of(url), LONG));
    }

    @Test
    void timeoutThatIsNotPositive_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LocalModelProbe(List.of(), Duration.ZERO));
    }

    private static Optional<LocalModelProbe.Found> find(Duration timeout, String... urls) {
        return new LocalModelProbe(List.of(urls), timeout).find();
    }

    private String serving(int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpServer server = server();
        server.createContext("/v1/models", exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        return address(server);
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private static String refusing() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + free.getLocalPort() + "/v1";
        }
    }
}
