package ai.robutler.routes;

import static ai.robutler.support.ConfigFolder.as;
import static ai.robutler.support.ConfigFolder.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RawHttp;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ToDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of limit, refused over HTTP; each user here has one of them. */
final class RateLimitRouteTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> EXEMPT = Set.of("/", "/health", "/health/detailed", "/ready", "/live", "/metrics");
    private static final List<String> LIMIT_HEADERS = List.of(
            "X-RateLimit-Limit-Minute",
            "X-RateLimit-Remaining-Minute",
            "X-RateLimit-Limit-Hour",
            "X-RateLimit-Remaining-Hour",
            "X-RateLimit-Limit-Day",
            "X-RateLimit-Remaining-Day");

    private static FakeModelServer model;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(
                ConfigFolder.settings(
                        model,
                        "gateway.rate-limit.minute",
                        "1000000",
                        "gateway.rate-limit.hour",
                        "2000000",
                        "gateway.rate-limit.day",
                        "3000000"),
                home -> new ConfigFolder(home)
                        .keys(Map.of(
                                "burst",
                                "",
                                "minute",
                                "",
                                "hour",
                                "",
                                "day",
                                "",
                                "tokens",
                                "",
                                "parallel",
                                "",
                                "keyed",
                                "",
                                "once",
                                "",
                                "plain",
                                ""))
                        .limits("""
                                rules:
                                  - {for: user:burst, burst: 3}
                                  - {for: user:minute, minute: 3}
                                  - {for: user:hour, hour: 3}
                                  - {for: user:day, day: 3}
                                  - {for: user:tokens, tokens-per-minute: 50}
                                  - {for: user:parallel, parallel: 1}
                                  - {for: user:once, minute: 1}
                                  - {for: api:key_keyed, minute: 4}
                                """));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    @AfterEach
    void forget() {
        model.reset();
    }

    private static HttpResponse<String> untilRefused(Supplier<HttpResponse<String>> send) {
        for (int i = 0; i < 1_000; i++) {
            HttpResponse<String> answer = send.get();
            CONTRACT.check(answer);
            if (answer.statusCode() == 429) {
                return answer;
            }
        }
        throw new AssertionError("never refused");
    }

    private static long number(HttpResponse<String> answer, String header) {
        return answer.headers().firstValueAsLong(header).orElseThrow();
    }

    private static long remaining(HttpResponse<String> answer) {
        return number(answer, "X-RateLimit-Remaining-Minute");
    }

    @ParameterizedTest
    @CsvSource({
        "burst, requests_per_second, 1, 'Burst limit exceeded (3 requests per second)',",
        "minute, requests_per_minute, 60, 'Rate limit exceeded (3 requests per minute)',",
        "hour, requests_per_hour, 3600, 'Rate limit exceeded (3 requests per hour)', false",
        "day, requests_per_day, 86400, 'Rate limit exceeded (3 requests per day)', false"
    })
    @DisplayName("R5, R27: each limit of requests refuses, and says which it is, whose, and when it frees")
    void limitOfRequests_refuses(String user, String limit, long window, String message, String shouldRetry) {
        HttpResponse<String> answer = untilRefused(() -> gateway.get("/assistant", as(user)));

        JsonNode body = Json.of(answer);
        JsonNode error = body.path("error");
        assertThat(Json.shape(body)).containsAll(Json.shape(Json.golden("error-429-too-many-requests.json")));
        assertThat(error.path("type").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(error.path("code").asText()).isEqualTo("too_many_requests");
        assertThat(error.path("limit").asText()).isEqualTo(limit);
        assertThat(error.path("scope").asText()).isEqualTo("user");
        assertThat(error.path("message").asText()).isEqualTo(message);
        assertThat(body.path("detail").asText()).isEqualTo(message);
        assertThat(error.path("retry_after").asLong()).isBetween(1L, window);
        assertThat(number(answer, "Retry-After"))
                .isEqualTo(error.path("retry_after").asLong());
        assertThat(answer.headers().firstValue("x-should-retry").orElse(null)).isEqualTo(shouldRetry);
        assertThat(answer.headers().map().keySet())
                .contains(LIMIT_HEADERS.stream()
                        .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                        .toArray(String[]::new));
    }

    @Test
    @DisplayName("R5, R9: tokens per minute refuse, and give the request back")
    void tokensPerMinute_refuse_andTakeNoRequest() {
        long[] before = {0};

        HttpResponse<String> answer = untilRefused(() -> {
            HttpResponse<String> one = gateway.chat("Hello!", as("tokens"));
            before[0] = one.statusCode() == 200 ? remaining(one) : before[0];
            return one;
        });

        JsonNode error = Json.of(answer).path("error");
        assertThat(error.path("limit").asText()).isEqualTo("tokens_per_minute");
        assertThat(error.path("message").asText()).isEqualTo("Token limit exceeded (50 tokens per minute)");
        assertThat(number(answer, "Retry-After")).isBetween(1L, 60L);
        assertThat(remaining(answer)).isEqualTo(before[0]);
        assertThat(remaining(gateway.get("/assistant", as("tokens")))).isEqualTo(before[0] - 1);
    }

    @Test
    @DisplayName("R27: a request that no minute has tokens for says so, and that repeating is no use")
    void requestOverAllTokensOfAMinute_isNotToBeRepeated() {
        HttpResponse<String> answer = gateway.post(
                "/assistant/chat/completions",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":51}",
                as("tokens"));

        CONTRACT.check(answer);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
        assertThat(model.requests()).isZero();
    }

    @Test
    @DisplayName("R5, R9: requests at the same time are refused, take nothing, and free when the first ends")
    void parallel_refuses_andTakesNothing() throws IOException {
        model.next(Behaviour.DEFAULT.withHang());
        String message = RunningGateway.message("Hi", false);
        RawHttp first = new RawHttp(gateway.port());
        first.send("POST /assistant/chat/completions HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key("parallel")
                + "\r\nContent-Length: " + message.length() + "\r\n\r\n" + message);
        model.awaitRequests(1, PATIENCE);

        HttpResponse<String> answer = gateway.chat("Hello!", as("parallel"));
        CONTRACT.check(answer);
        JsonNode error = Json.of(answer).path("error");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(error.path("limit").asText()).isEqualTo("parallel");
        assertThat(error.path("message").asText()).isEqualTo("Parallel limit exceeded (1 requests at once)");
        assertThat(number(answer, "Retry-After")).isEqualTo(1);
        assertThat(remaining(gateway.chat("Hello!", as("parallel")))).isEqualTo(remaining(answer));

        first.reset();
        model.awaitAborted(1, PATIENCE);
        RunningGateway.await(
                "the slot is free", () -> gateway.chat("Hello!", as("parallel")).statusCode() == 200);
    }

    @Test
    @DisplayName("R9: a request that one window refuses is not counted in the others")
    void refusedRequest_takesNothing() {
        long[] before = {0};

        HttpResponse<String> answer = untilRefused(() -> {
            HttpResponse<String> one = gateway.get("/assistant", as("burst"));
            before[0] = one.statusCode() == 200 ? remaining(one) : before[0];
            return one;
        });

        if (before[0] > 0) {
            assertThat(remaining(answer)).isEqualTo(before[0]);
        }
        long left = remaining(answer);
        RunningGateway.await("the second is over", () -> {
            HttpResponse<String> next = gateway.get("/assistant", as("burst"));
            return next.statusCode() == 200 && remaining(next) == left - 1;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /assistant, 200", "GET, /agents, 200", "GET, /stats, 200", "GET, /openapi.json, 200",
        "GET, /v1/models, 200", "GET, /nobody, 404", "GET, /a/b/c, 404", "DELETE, /assistant, 405",
        "POST, /assistant/chat/completions, 400", "GET, /models/nobody, 404", "POST, /metrics, 405"
    })
    @DisplayName("R11: every answer has the headers of all windows, and remaining falls by one")
    void answer_hasTheLimitHeaders(String method, String path, int status) {
        long before = remaining(gateway.get("/assistant", as("plain")));

        HttpResponse<String> answer = gateway.send(gateway.request(path, as("plain"))
                .method(method, BodyPublishers.ofString(method.equals("GET") ? "" : "{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(remaining(answer)).isEqualTo(before - 1);
        assertThat(number(answer, "X-RateLimit-Limit-Hour")).isEqualTo(2_000_000);
        assertThat(number(answer, "X-RateLimit-Limit-Day")).isEqualTo(3_000_000);
    }

    @Test
    @DisplayName("R11: streams, refused keys, a model's failure and a 429 have the headers too")
    void otherAnswers_haveTheLimitHeadersToo() {
        List<HttpResponse<String>> answers = new ArrayList<>();
        answers.add(gateway.stream("Hello!"));
        answers.add(gateway.chat("Hello!"));
        answers.add(gateway.chat("Hello!", "X-API-Key", "rok_wrong"));
        model.next(Behaviour.DEFAULT.withStatus(401));
        answers.add(gateway.chat("Hello!"));
        answers.add(untilRefused(() -> gateway.get("/assistant", as("once"))));

        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 200, 401, 502, 429);
        for (HttpResponse<String> answer : answers) {
            for (String name : LIMIT_HEADERS) {
                assertThat(answer.headers().allValues(name))
                        .as(name + " of " + answer.statusCode())
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/detailed", "/ready", "/live", "/metrics"})
    void exemptPath_isNotCounted_andHasNoLimitHeaders(String path) {
        untilRefused(() -> gateway.get("/assistant", as("once")));

        HttpResponse<String> answer = gateway.get(path, as("once"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("x-ratelimit"));
    }

    @Test
    void ruleOfAKey_countsTheKey_andNotItsUser() {
        HttpResponse<String> answer = untilRefused(() -> gateway.get("/assistant", as("keyed")));

        assertThat(number(answer, "X-RateLimit-Limit-Minute")).isEqualTo(4);
        assertThat(Json.of(answer).at("/error/scope").asText()).isEqualTo("api");
    }

    @Test
    void endUserWithinAKey_isRefusedWhenTheKeysUserIs() {
        untilRefused(() -> gateway.get("/assistant", as("once")));

        HttpResponse<String> answer =
                gateway.get("/assistant", "Authorization", "Bearer " + key("once"), "X-User-ID", "fresh");

        assertThat(answer.statusCode()).isEqualTo(429);
    }

    @Test
    @DisplayName("R5: /stats lists the limits that are in force")
    void stats_listTheLimitsInForce() {
        JsonNode limiting = Json.of(gateway.get("/stats")).path("rate_limiting");

        assertThat(limiting.path("limits_in_force"))
                .extracting(JsonNode::asText)
                .containsExactly("requests_per_minute", "requests_per_hour", "requests_per_day");
        assertThat(limiting.path("custom_user_rules").asInt()).isEqualTo(8);
    }

    @Test
    @DisplayName("R5, R27, R28: limits change without a restart; a mistake is told and changes nothing")
    void limits_changeWithoutARestart() {
        try (RunningGateway own = RunningGateway.start(model, "gateway.model.retries", "0")) {
            ConfigFolder config = new ConfigFolder(own.home());
            assertThat(own.get("/assistant").headers().firstValue("X-RateLimit-Limit-Minute"))
                    .isEmpty();

            config.setting("gateway.rate-limit.minute", "5000");
            awaitLimit(own, 5_000);
            config.limits("rules:\n  - {for: ip:127.0.0.1, minute: 7000}\n");
            awaitLimit(own, 7_000);

            config.limits("rules:\n  - {for: ip:127.0.0.1, minutes: 9000}\n");
            awaitNotReady(own, "limits.yaml", "line 2: rules[0].minutes");
            config.setting("gateway.rate-limit.minutes", "6000", "gateway.rate-limit.minute");
            awaitNotReady(own, "application.properties", "did you mean 'gateway.rate-limit.minute'?");
            awaitLimit(own, 7_000);

            config.setting("gateway.rate-limit.minute", "6000", "gateway.rate-limit.minutes");
            config.limits("rules: []\n");
            awaitLimit(own, 6_000);
            RunningGateway.await("ready", () -> own.get("/ready").statusCode() == 200);
        }
    }

    private static void awaitLimit(RunningGateway own, long limit) {
        RunningGateway.await(
                "limit " + limit,
                () -> own.get("/assistant")
                                .headers()
                                .firstValueAsLong("X-RateLimit-Limit-Minute")
                                .orElse(0)
                        == limit);
    }

    private static void awaitNotReady(RunningGateway own, String file, String reason) {
        RunningGateway.await(
                file + " is refused", () -> own.get("/ready").body().contains(reason));
        HttpResponse<String> ready = own.get("/ready");
        CONTRACT.check(ready);
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(Json.of(ready).path("details").path(file).asText()).isEqualTo("not_ready");
    }

    @Test
    @DisplayName("R28: a limits file with a mistake stops the start")
    void brokenLimitsFile_stopsTheStart() {
        assertThatThrownBy(() -> RunningGateway.start(
                        ConfigFolder.settings(model),
                        home -> new ConfigFolder(home).limits("rules:\n  - for: alice\n    minute: 5\n")))
                .hasStackTraceContaining("limits.yaml line 2: rules[0].for: must be user:<id>");
    }

    @Test
    @DisplayName("R6: every HTTP route but the exempt ones has the caller identified and limited first")
    void everyRoute_isBehindTheLimits() {
        Set<String> open = new TreeSet<>();
        Set<String> guarded = new TreeSet<>();
        CamelContext context = gateway.application().context();
        for (Route route : context.getRoutes()) {
            if (route.getEndpoint() instanceof PlatformHttpEndpoint endpoint) {
                List<String> steps = firstSteps(context, route.getRouteId());
                boolean admitted = steps.get(0).startsWith("kamelet:caller-admission-action")
                        || steps.get(0).startsWith("kamelet:portal-request-action");
                boolean identified = admitted || steps.get(0).startsWith("kamelet:caller-identity-action");
                assertThat(identified)
                        .as(route.getRouteId() + " begins with " + steps.get(0))
                        .isTrue();
                boolean limited = admitted || steps.get(1).startsWith("kamelet:rate-limit-action");
                (limited ? guarded : open).add(endpoint.getPath());
            }
        }

        assertThat(open).isSubsetOf(EXEMPT);
        assertThat(guarded).contains("/{agent}", "/{agent}/chat/completions", "/chat/completions", "/models");
    }

    /** Where the route's first steps lead, direct routes followed. */
    private static List<String> firstSteps(CamelContext context, String routeId) {
        List<String> steps = new ArrayList<>();
        for (ProcessorDefinition<?> step :
                ((ModelCamelContext) context).getRouteDefinition(routeId).getOutputs()) {
            if (!(step instanceof ToDefinition to)) {
                if (!(step instanceof OnExceptionDefinition)) {
                    steps.add(step.getShortName());
                }
            } else if (to.getUri().startsWith("direct:")) {
                String target = context.getRoutes().stream()
                        .filter(route -> route.getEndpoint().getEndpointUri().equals(uri(to.getUri())))
                        .map(Route::getRouteId)
                        .findFirst()
                        .orElseThrow();
                steps.addAll(firstSteps(context, target));
            } else {
                steps.add(to.getUri());
            }
        }
        return steps;
    }

    private static String uri(String direct) {
        return direct.replaceFirst("^direct:(//)?", "direct://");
    }

    @Test
    @DisplayName("R18: thousands of names of agents and users make no series")
    void randomNamesAndUsers_makeNoSeries() throws Exception {
        List<CompletableFuture<Integer>> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int seed = i;
            connections.add(CompletableFuture.supplyAsync(() -> sendRandomNames(seed, 2_500)));
        }

        for (CompletableFuture<Integer> connection : connections) {
            assertThat(connection.get()).isEqualTo(2_500);
        }
        long series = gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
        assertThat(series).isLessThan(1_000);
    }

    /** Sends requests one behind the other on one connection, and counts the answers. */
    private static int sendRandomNames(int seed, int count) {
        Random random = new Random(seed);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            Thread writer = new Thread(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    for (int i = 1; i <= count; i++) {
                        String name = Long.toString(random.nextLong() >>> 1, 36);
                        out.write(("GET /" + name + " HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key("plain")
                                        + "\r\nX-User-ID: u" + name + "\r\n"
                                        + (i == count ? "Connection: close\r\n" : "") + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                    }
                    out.flush();
                } catch (IOException gone) {
                    throw new java.io.UncheckedIOException(gone);
                }
            });
            writer.start();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            int answers = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answers += line.contains("HTTP/1.1 404") ? 1 : 0;
            }
            writer.join();
            return answers;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
