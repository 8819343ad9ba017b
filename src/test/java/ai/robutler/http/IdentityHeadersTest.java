package ai.robutler.http;

import static ai.robutler.support.ConfigFolder.as;
import static ai.robutler.support.ConfigFolder.key;
import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.Json;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who a caller is comes from real headers only, and nothing that a caller sends comes back. The rules give each identity a
 * limit of its own, so that {@code X-RateLimit-Limit-Minute} tells whom the gateway took the caller for.
 */
final class IdentityHeadersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ANYBODY = "1000000";
    private static final String ALICE = "777777";
    private static final String PROXIED = "555555";
    private static final String NEIGHBOURS = "444444";
    private static final Set<String> PLAIN_HEADERS = names(
            "content-length",
            "content-type",
            "x-request-id",
            "x-ratelimit-limit-minute",
            "x-ratelimit-remaining-minute",
            "x-ratelimit-limit-hour",
            "x-ratelimit-remaining-hour",
            "x-ratelimit-limit-day",
            "x-ratelimit-remaining-day");

    private static FakeModelServer model;
    private static RunningGateway gateway;
    private static RunningGateway behindProxy;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        String[] limits = {
            "gateway.rate-limit.minute", ANYBODY, "gateway.rate-limit.hour", ANYBODY, "gateway.rate-limit.day", ANYBODY
        };
        RunningGateway.Preparation rules = home -> new ConfigFolder(home)
                .keys(Map.of("alice", "", "admin", "role: admin"))
                .limits("""
                        rules:
                          - {for: user:alice, minute: 777777}
                          - {for: user:admin, minute: 999999}
                          - {for: ip:203.0.113.9, minute: 555555}
                          - {for: "ip:2001:db8:1:2::9", minute: 444444}
                        """);
        gateway = RunningGateway.start(ConfigFolder.settings(model, limits), rules);
        Map<String, String> proxied = ConfigFolder.settings(model, limits);
        proxied.put("gateway.trusted-proxies", "127.0.0.0/8, 10.0.0.1");
        behindProxy = RunningGateway.start(proxied, rules);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        behindProxy.close();
        model.close();
    }

    private static Set<String> names(String... names) {
        return new TreeSet<>(List.of(names));
    }

    private static String limit(HttpResponse<String> answer) {
        return String.join(" and ", answer.headers().allValues("X-RateLimit-Limit-Minute"));
    }

    private static Set<String> headers(HttpResponse<String> answer) {
        return new TreeSet<>(answer.headers().map().keySet());
    }

    /** Every identity, payment or key header that the gateway knows, with a value that would change something. */
    static Stream<String[]> identityHeaders() {
        return Stream.of(
                new String[] {"X-User-ID", "admin"},
                new String[] {"X-API-Key", key("alice")},
                new String[] {"Authorization", "Bearer " + key("alice")},
                new String[] {"X-Payment-Token", "pt_secret"},
                new String[] {"X-PAYMENT", "secret"},
                new String[] {"PAYMENT-SIGNATURE", "secret"},
                new String[] {"X-Origin-User-ID", "admin"},
                new String[] {"X-Peer-User-ID", "admin"},
                new String[] {"X-Agent-Owner-User-ID", "admin"},
                new String[] {"X-Forwarded-For", "203.0.113.9"},
                new String[] {"X-Request-ID", "chosen"},
                new String[] {"CamelHttpResponseCode", "418"},
                new String[] {"CamelHttpPath", "/support"},
                new String[] {"CamelBeanMethodName", "list"},
                new String[] {"agent", "support"},
                new String[] {"Set-Cookie", "a=b"},
                new String[] {"X-Evil", "evil"});
    }

    @ParameterizedTest
    @MethodSource("identityHeaders")
    @DisplayName("C1: a query parameter is no header: identity, limits and answer headers stay")
    void queryParameter_isNoHeader(String name, String value) {
        String query = "?" + name + "=" + value.replace(" ", "%20");

        for (String path : new String[] {"/assistant", "/agents", "/assistant/health"}) {
            HttpResponse<String> answer = gateway.get(path + query);
            assertThat(limit(answer)).isEqualTo(ANYBODY);
            assertThat(headers(answer)).isEqualTo(PLAIN_HEADERS);
            assertThat(answer.headers().firstValue("X-Request-ID").orElseThrow())
                    .startsWith("req_");
            assertThat(answer.body()).isEqualTo(gateway.get(path).body());
        }
        HttpResponse<String> chat =
                gateway.post("/assistant/chat/completions" + query, RunningGateway.message("Hello!", false));
        assertThat(chat.statusCode()).isEqualTo(200);
        assertThat(limit(chat)).isEqualTo(ANYBODY);
    }

    @ParameterizedTest
    @MethodSource("identityHeaders")
    @DisplayName("C1: a form field is no header")
    void formField_isNoHeader(String name, String value) {
        HttpResponse<String> answer = gateway.send(gateway.request("/assistant")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(name + "=" + value.replace(" ", "+")))
                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(limit(answer)).isEqualTo(ANYBODY);
        assertThat(headers(answer)).isEqualTo(PLAIN_HEADERS);
    }

    @ParameterizedTest
    @MethodSource("identityHeaders")
    @DisplayName("C1: a query parameter beside the real header changes nothing")
    void queryParameterBesideTheHeader_changesNothing(String name, String value) {
        HttpResponse<String> answer = gateway.get("/assistant?" + name + "=" + value.replace(" ", "%20"), as("alice"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(limit(answer)).isEqualTo(ALICE);
        assertThat(headers(answer)).isEqualTo(PLAIN_HEADERS);
    }

    @ParameterizedTest
    @MethodSource("identityHeaders")
    @DisplayName("C2: no request header comes back, on answers and on errors")
    void requestHeader_doesNotComeBack(String name, String value) throws IOException {
        for (String path : new String[] {"/assistant", "/nobody", "/assistant/nothing", "/health", "/models"}) {
            RawHttp.Response answer = RawHttp.exchange(
                            gateway.port(),
                            "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + name + ": " + value
                                    + "\r\n\r\n",
                            PATIENCE)
                    .responses()
                    .get(0);
            Set<String> left = new TreeSet<>(answer.headers().keySet());
            left.removeAll(PLAIN_HEADERS);
            assertThat(left).isSubsetOf("connection");
            assertThat(answer.headers().toString() + answer.body()).doesNotContain("secret", "evil", key("alice"));
        }
    }

    @Test
    @DisplayName("C2: the exact headers of a whole answer, a stream and an error")
    void answers_haveTheseHeadersAndNoOther() {
        Set<String> whole = new TreeSet<>(PLAIN_HEADERS);
        whole.add("x-gateway-overhead-ms");
        assertThat(headers(gateway.chat("Hello!", "X-Evil", "1", "Cookie", "a=b")))
                .isEqualTo(whole);

        Set<String> stream = new TreeSet<>(whole);
        stream.remove("content-length");
        stream.addAll(List.of("transfer-encoding", "cache-control", "connection", "x-accel-buffering"));
        assertThat(headers(gateway.stream("Hello!", "X-Evil", "1"))).isEqualTo(stream);

        Set<String> error = new TreeSet<>(PLAIN_HEADERS);
        error.add("www-authenticate");
        assertThat(headers(gateway.chat("Hello!", "X-API-Key", "rok_wrong"))).isEqualTo(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "X-API-Key", "X-User-ID", "X-Origin-User-ID", "X-Payment-Token"})
    @DisplayName("C1: a security header that stands twice is refused, in whatever case")
    void securityHeaderTwice_is400(String name) throws IOException {
        RawHttp.Response answer = RawHttp.exchange(
                        gateway.port(),
                        "GET /assistant HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + name + ": a\r\n"
                                + name.toUpperCase(Locale.ROOT) + ": b\r\n\r\n",
                        PATIENCE)
                .responses()
                .get(0);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(Json.of(answer.body()).at("/error/param").asText()).isEqualTo(name);
        assertThat(answer.header("X-RateLimit-Limit-Minute")).contains(ANYBODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "AUTHORIZATION", "Authorization", "aUTHORIZATION"})
    void keyHeader_isKnownInAnyCase(String name) {
        assertThat(limit(gateway.get("/assistant", name, "bearer " + key("alice"))))
                .isEqualTo(ALICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X_API_Key", "X_Api_Key", "HTTP_AUTHORIZATION", "X-API_Key"})
    @DisplayName("C1: an underscore is no hyphen")
    void underscore_isNoHyphen(String name) {
        assertThat(limit(gateway.get("/assistant", name, key("alice")))).isEqualTo(ANYBODY);
    }

    @Test
    @DisplayName("C1: the agent of a chat request comes from its model, not from a header or a query parameter")
    void agentHeader_doesNotChooseTheAgent() {
        String body = "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

        assertThat(gateway.post("/v1/chat/completions", body, "agent", "support")
                        .statusCode())
                .isEqualTo(404);
        assertThat(gateway.post("/v1/chat/completions?agent=support", body).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2f..%2fetc",
                "..%2fassistant",
                "assistant%0d%0aSet-Cookie:%20a=b",
                "assistant%00",
                "assistant%2fhealth",
                "a%20b",
                "%c3%a4gent",
                "assistant;a=b",
                "assistant%3fa",
                "%25"
            })
    @DisplayName("C4: an encoded agent name is checked before anything is looked up")
    void encodedName_is404_andSplitsNothing(String name) throws IOException {
        RawHttp.Answers answers = RawHttp.exchange(
                gateway.port(), "GET /" + name + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", PATIENCE);

        assertThat(answers.responses()).hasSize(1);
        RawHttp.Response answer = answers.responses().get(0);
        assertThat(answer.status()).isIn(404, 400);
        assertThat(answer.headers()).doesNotContainKey("set-cookie");
        assertThat(Json.of(answer.body()).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.body()).doesNotContain("\r\n");
    }

    @Test
    void forwardedFor_ofAnybody_isNotBelieved() {
        assertThat(limit(gateway.get("/assistant", "X-Forwarded-For", "203.0.113.9")))
                .isEqualTo(ANYBODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9", "198.51.100.7, 203.0.113.9", "203.0.113.9, 10.0.0.1", "evil, 203.0.113.9"})
    void forwardedFor_ofATrustedProxy_isReadFromTheRight(String value) {
        assertThat(limit(behindProxy.get("/assistant", "X-Forwarded-For", value)))
                .isEqualTo(PROXIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9, 198.51.100.7", "203.0.113.9, evil", "", "203.0.113.9:80"})
    void forwardedFor_ofATrustedProxy_isNotBelievedBeyondTheFirstStranger(String value) {
        assertThat(limit(behindProxy.get("/assistant", "X-Forwarded-For", value)))
                .isEqualTo(ANYBODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:1:2::1", "2001:db8:1:2:ffff::1", "2001:DB8:1:00ff::", "2001:db8:1::"})
    void ipv6Caller_isCountedWithItsWholePrefix(String address) {
        assertThat(limit(behindProxy.get("/assistant", "X-Forwarded-For", address)))
                .isEqualTo(NEIGHBOURS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:1:100::1", "2001:db8:2:2::9"})
    void ipv6Caller_ofAnotherPrefix_isCountedApart(String address) {
        assertThat(limit(behindProxy.get("/assistant", "X-Forwarded-For", address)))
                .isEqualTo(ANYBODY);
    }

    @Test
    void userIdOfAnAnonymousCaller_buysNoFreshAllowance() {
        long before = remaining(gateway.get("/assistant", "X-User-ID", "fresh-1"));

        assertThat(remaining(gateway.get("/assistant", "X-User-ID", "fresh-2"))).isEqualTo(before - 1);
        assertThat(remaining(gateway.get("/assistant"))).isEqualTo(before - 2);
    }

    @Test
    void userIdWithinAKey_hasItsOwnCount_andTheKeysUserPaysToo() {
        long before = remaining(gateway.get("/assistant", as("alice")));
        String[] headers = {"Authorization", "Bearer " + key("alice"), "X-User-ID", "end-user"};

        assertThat(remaining(gateway.get("/assistant", headers))).isEqualTo(before - 1);
        assertThat(limit(gateway.get("/assistant", headers))).isEqualTo(ALICE);
    }

    private static long remaining(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("X-RateLimit-Remaining-Minute").orElseThrow();
    }
}
