package ai.robutler.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.FakeModelServer.Behaviour;
import ai.robutler.support.FakeModelServer.Break;
import ai.robutler.support.FakeModelServer.ToolCall;
import ai.robutler.support.ReceivedRequest;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * A gateway with one agent for each kind of answer, so that a client chooses a scenario by the name of an agent.
 *
 * <p>The gateway does not try again itself: what the model is asked is what the client sent.
 */
final class Scenarios implements AutoCloseable {
    /** What the agent {@code hello} says, for 12 prompt and 9 completion tokens. */
    static final String ANSWER = Behaviour.DEFAULT.content();

    /** What the agent {@code unicode} says, cut inside its code points. */
    static final String UNICODE = "Grüße, 世界! 👋🏽 Ça va?";

    /** What the agent {@code tools} says once it has the tools' results. */
    static final String AFTER_TOOLS = "Paris has 21 degrees, Oslo has 7.";

    /** A key in the gateway's own form that it does not know. */
    static final String WRONG_KEY = "rok_wrong";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int NEVER = 3_000;
    private static final Map<String, Function<ReceivedRequest, Behaviour>> AGENTS = Map.ofEntries(
            always("hello", Behaviour.DEFAULT),
            always(
                    "unicode",
                    Behaviour.DEFAULT
                            .withChunks("Grüße, ", "世界! ", "👋🏽", " Ça va?")
                            .withSplitWrites()),
            always("silent", Behaviour.DEFAULT.withChunks()),
            always("length", Behaviour.DEFAULT.withFinishReason("length")),
            always(
                    "odd",
                    Behaviour.DEFAULT
                            .withRoleInEveryChunk()
                            .withFinishReason("eos_token")
                            .withId("chatcmpl-%d")
                            .withoutDone()),
            always(
                    "slow",
                    Behaviour.DEFAULT.withChunks("Slow", " and", " steady").withGap(Duration.ofMillis(450))),
            Map.entry("tools", Scenarios::toolTurn),
            always("refused", Behaviour.DEFAULT.withStatus(400)),
            always("busy", Behaviour.DEFAULT.withStatus(429).withHeader("Retry-After", "1")),
            Map.entry("busy-once", everySecond(Behaviour.DEFAULT.withStatus(429).withHeader("Retry-After", "2"))),
            always("broken", Behaviour.DEFAULT.withStatus(500)),
            always("cut", Behaviour.DEFAULT.withBreak(Break.CLOSE, 3)),
            always("mute", Behaviour.DEFAULT.withHang()),
            always("endless", Behaviour.DEFAULT.withChunks(NEVER, "on and on ").withGap(Duration.ofMillis(20))));

    private final FakeModelServer model = new FakeModelServer();
    private final RunningGateway gateway;

    Scenarios() {
        AGENTS.forEach((agent, choice) -> model.behave(agent, choice));
        Map<String, String> settings = Map.of(
                "openai.base-url", model.baseUrl(),
                "openai.model", "hello",
                "gateway.model.retries", "0",
                "gateway.model.breaker.minimum-calls", "50",
                "gateway.model.breaker.failure-percent", "100",
                "gateway.keep-alive-interval", "200ms");
        gateway = RunningGateway.start(settings, Scenarios::addAgents);
    }

    /** What a client takes as base URL when it names the agent as its model. */
    String baseUrl() {
        return gateway.uri("/v1").toString();
    }

    /** The gateway's address. */
    String root() {
        return gateway.uri("").toString();
    }

    /** An agent's stream as it is on the wire. */
    String wire(String agent) {
        return gateway.post("/" + agent + "/chat/completions", RunningGateway.message("Hello!", true))
                .body();
    }

    /** The model behind all agents. */
    FakeModelServer model() {
        return model;
    }

    /**
     * What became of a call.
     *
     * @param failure what it threw; null when it threw nothing
     * @param statuses what the gateway answered, in no order
     */
    record Tried(@Nullable Throwable failure, List<Integer> statuses) {
        /** Fails unless it threw this, after so many answers of this status and no others. */
        <T extends Throwable> T threw(Class<T> type, int status, int attempts) {
            assertThat(failure).isInstanceOf(type);
            assertThat(statuses).hasSize(attempts).containsOnly(status);
            return type.cast(Objects.requireNonNull(failure));
        }
    }

    /** Makes a call and counts what the gateway answered meanwhile. */
    Tried trying(ThrowingCallable call) {
        Map<Integer, Integer> before = answered();
        Throwable failure = Assertions.catchThrowable(call);
        RunningGateway.await("the gateway is idle", () -> sum("robutler_http_requests_in_progress", "POST") == 0);
        List<Integer> statuses = new ArrayList<>();
        answered()
                .forEach((status, count) ->
                        statuses.addAll(Collections.nCopies(count - before.getOrDefault(status, 0), status)));
        return new Tried(failure, statuses);
    }

    /** Makes a call that hangs up on the agent {@code endless}; fails when the model is not told. */
    void hangingUp(ThrowingCallable call) throws Throwable {
        int before = model.aborted();
        call.call();
        model.awaitAborted(before + 1, PATIENCE);
        model.awaitOpenStreams(0, PATIENCE);
    }

    /** The time between the last two requests to the model of an agent. */
    Duration lastPause(String agent) {
        List<ReceivedRequest> asked = model.received().stream()
                .filter(request -> request.model().equals(agent))
                .toList();
        assertThat(asked).hasSizeGreaterThan(1);
        long last = asked.get(asked.size() - 1).atNanos();
        return Duration.ofNanos(last - asked.get(asked.size() - 2).atNanos());
    }

    @Override
    public void close() {
        gateway.close();
        model.close();
    }

    private Map<Integer, Integer> answered() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int status : new int[] {200, 400, 401, 404, 408, 429, 500, 502, 503}) {
            int count = sum("robutler_http_requests_total", "POST", "status_code=\"" + status + "\"");
            if (count > 0) {
                counts.put(status, count);
            }
        }
        return counts;
    }

    private int sum(String meter, String... parts) {
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith(meter + "{") && List.of(parts).stream().allMatch(line::contains))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void addAgents(Path home) throws IOException {
        for (String agent : AGENTS.keySet()) {
            Files.writeString(
                    home.resolve("config/agents/" + agent + ".yaml"),
                    "name: " + agent + "\ninstructions: Be brief.\nmodel: " + agent + "\npublic: true\n");
        }
    }

    private static Behaviour toolTurn(ReceivedRequest request) {
        JsonNode messages = request.body().path("messages");
        String last = messages.path(messages.size() - 1).path("role").asText();
        return last.equals("tool")
                ? Behaviour.DEFAULT.withChunks("Paris has 21 degrees,", " Oslo has 7.")
                : Behaviour.DEFAULT.withToolCalls(
                        new ToolCall("call_paris", "get_weather", "{\"city\":\"Paris\"}"),
                        new ToolCall("call_oslo", "get_weather", "{\"city\":\"Oslo\"}"));
    }

    private static Map.Entry<String, Function<ReceivedRequest, Behaviour>> always(String agent, Behaviour behaviour) {
        return Map.entry(agent, request -> behaviour);
    }

    private static Function<ReceivedRequest, Behaviour> everySecond(Behaviour first) {
        AtomicInteger asked = new AtomicInteger();
        return request -> asked.getAndIncrement() % 2 == 0 ? first : Behaviour.DEFAULT;
    }
}
