package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.support.ConfigFolder;
import ai.robutler.support.FakeModelServer;
import ai.robutler.support.Json;
import ai.robutler.support.OpenApiContract;
import ai.robutler.support.RunningGateway;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edited files take effect while requests run; those with a mistake are refused, told of, and change nothing. */
final class ReloadTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final String CHAT = "routes/chat-completions.camel.yaml";
    private static final String CALL_MODEL = "        - to:\n            id: call-model\n";
    private static final String NEW_ROUTE = """
            - route:
                id: greeting
                routeConfigurationId: api-errors
                description: Greets.
                from:
                  uri: platform-http
                  parameters:
                    path: /greeting/{who}
                    httpMethodRestrict: GET
                  steps:
                    - to:
                        uri: kamelet:caller-admission-action
                    - setBody:
                        expression:
                          constant:
                            expression: Good morning
            """;

    private static FakeModelServer model;
    private static RunningGateway gateway;
    private static ConfigFolder files;

    @BeforeAll
    static void start() {
        model = new FakeModelServer();
        gateway = RunningGateway.start(model);
        files = new ConfigFolder(gateway.home());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        model.close();
    }

    private static int status(String path) {
        return gateway.get(path).statusCode();
    }

    private static void awaitStatus(String path, int status) {
        RunningGateway.await(path + " is " + status, () -> status(path) == status);
    }

    private static void awaitRefused(String file, String reason) {
        Pattern pattern = Pattern.compile(reason);
        RunningGateway.await(file + " is refused: " + reason, () -> {
            HttpResponse<String> ready = gateway.get("/ready");
            return Json.of(ready).path("details").path(file).asText().equals("not_ready")
                    && pattern.matcher(Json.of(ready).at("/error/message").asText())
                            .find();
        });
        HttpResponse<String> ready = gateway.get("/ready");
        CONTRACT.check(ready);
        assertThat(ready.statusCode()).isEqualTo(503);
    }

    @Test
    void agents_comeChangeAndGoWithTheirFiles() {
        files.agent("guide", "instructions: Show the way.\ndescription: First.\n");
        awaitStatus("/guide", 200);
        assertThat(Json.of(gateway.get("/")).path("agents").toString()).contains("guide");

        files.agent("guide", "instructions: Show the way.\ndescription: Second.\n");
        RunningGateway.await(
                "the new text",
                () -> Json.of(gateway.get("/guide"))
                        .path("description")
                        .asText()
                        .equals("Second."));

        files.agent("guide", "description: Third.\ninstruction: Typed wrong.\n");
        awaitRefused("guide.yaml", "guide.yaml:2: instruction is not known");
        assertThat(Json.of(gateway.get("/guide")).path("description").asText()).isEqualTo("Second.");
        assertThat(Json.of(gateway.get("/ready")).at("/details/assistant").asText())
                .isEqualTo("ready");

        files.agent("guide", "instructions: Show the way.\ndescription: Fourth.\n");
        awaitStatus("/ready", 200);
        assertThat(Json.of(gateway.get("/guide")).path("description").asText()).isEqualTo("Fourth.");

        files.delete("config/agents/guide.yaml");
        awaitStatus("/guide", 404);
        assertThat(Json.of(gateway.get("/")).path("agents").toString()).doesNotContain("guide");
    }

    @Test
    void brokenYamlOfANewAgent_isRefusedWithItsLine_andServesNothing() {
        files.agent("torn", "instructions: Fine.\nskills: [auth\n");
        awaitRefused("torn.yaml", "torn.yaml:");
        assertThat(status("/torn")).isEqualTo(404);

        files.delete("config/agents/torn.yaml");
        awaitStatus("/ready", 200);
    }

    @Test
    void editedRoute_takesEffect_andNoRequestFailsMeanwhile() {
        String before = files.read(CHAT);
        AtomicBoolean stop = new AtomicBoolean();
        Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            callers.add(CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    statuses.add(gateway.chat("Hello!").statusCode());
                }
            }));
        }

        try {
            files.replace(CHAT, CALL_MODEL, """
                            - setHeader:
                                id: edited
                                name: X-Edited
                                expression:
                                  constant:
                                    expression: "yes"
                    """ + CALL_MODEL);
            RunningGateway.await(
                    "the edited step",
                    () -> gateway.chat("Hello!")
                            .headers()
                            .firstValue("X-Edited")
                            .isPresent());
            files.write(CHAT, before);
            RunningGateway.await(
                    "the step is gone",
                    () -> gateway.chat("Hello!")
                            .headers()
                            .firstValue("X-Edited")
                            .isEmpty());
        } finally {
            stop.set(true);
        }
        callers.forEach(CompletableFuture::join);

        assertThat(statuses).hasSizeGreaterThan(10).containsOnly(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id: call-model           | id: [call-model              | \\d+: is not YAML
            direct:model-call        | direct:model-cal             | \\d+: no route starts at direct:model-cal
            kamelet:rate-limit-action | kamelet:rate-limits-action  | \\d+: there is no file .*rate-limits-action.kamelet.yaml
            routeConfigurationId: api-errors | routeConfigurationId: api-error | \\d+: no routeConfiguration is called 'api-error'
            """)
    @DisplayName("A route file with a mistake is refused with file and line; the routes it held go on")
    void brokenRouteFile_isRefused(String old, String now, String reason) {
        String before = files.read(CHAT);
        try {
            files.replace(CHAT, old, now);
            awaitRefused("chat-completions.camel.yaml", "chat-completions.camel.yaml:" + reason);
            assertThat(gateway.chat("Hello!").statusCode()).isEqualTo(200);
        } finally {
            files.write(CHAT, before);
        }
        awaitStatus("/ready", 200);
        assertThat(gateway.chat("Hello!").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            setBody:            | setBdy:
            expression: Good    | expresion: Good
            path: /greeting     | paht: /greeting
            """)
    void newRouteFileThatCamelDoesNotUnderstand_isRefused_andTheRestGoesOn(String old, String now) {
        files.write("routes/greeting.camel.yaml", NEW_ROUTE.replace(old, now));
        try {
            awaitRefused("greeting.camel.yaml", ".");
            assertThat(status("/greeting/you")).isEqualTo(404);
            assertThat(status("/health")).isEqualTo(200);
        } finally {
            files.delete("routes/greeting.camel.yaml");
        }
        awaitStatus("/ready", 200);
    }

    @Test
    void unknownBeanInARoute_isRefused() {
        String before = files.read("routes/agents.camel.yaml");
        try {
            files.write("routes/agents.camel.yaml", before.replace("ref: agentPages", "ref: agentPage"));
            awaitRefused("agents.camel.yaml", "agents.camel.yaml:\\d+: no bean is called 'agentPage'");
            assertThat(status("/assistant")).isEqualTo(200);
        } finally {
            files.write("routes/agents.camel.yaml", before);
        }
        awaitStatus("/ready", 200);
    }

    @Test
    @DisplayName("Trap 13: a reloaded /{agent} does not shadow the server's own pages")
    void reloadedAgentRoute_leavesTheServersPagesReachable() {
        String before = files.read("routes/agents.camel.yaml");
        try {
            files.write("routes/agents.camel.yaml", before.replace("/{agent}/health", "/{agent}/vitals"));
            awaitStatus("/assistant/vitals", 200);
            for (String path : new String[] {"/", "/health", "/ready", "/live", "/stats", "/metrics", "/agents"}) {
                assertThat(status(path)).as(path).isEqualTo(200);
            }
            assertThat(Json.of(gateway.get("/health")).path("status").asText()).isEqualTo("healthy");
            assertThat(status("/assistant/health")).isEqualTo(404);
        } finally {
            files.write("routes/agents.camel.yaml", before);
        }
        awaitStatus("/assistant/health", 200);
        awaitStatus("/assistant/vitals", 404);
    }

    @Test
    void newRouteFile_isServed_andGoesWithItsFile() {
        files.write("routes/greeting.camel.yaml", NEW_ROUTE);
        awaitStatus("/greeting/you", 200);
        assertThat(gateway.get("/greeting/you").body()).isEqualTo("Good morning");
        HttpResponse<String> post = gateway.post("/greeting/you", "{}");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");

        files.delete("routes/greeting.camel.yaml");
        awaitStatus("/greeting/you", 404);
        assertThat(gateway.post("/greeting/you", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("A file whose second route cannot start leaves the first as it was, not half of the new one")
    void routeFileThatFailsMidway_isTakenBackWhole() {
        String second = NEW_ROUTE.replace("greeting", "farewell");
        files.write("routes/greeting.camel.yaml", NEW_ROUTE + second);
        awaitStatus("/farewell/you", 200);
        try {
            String broken = second.replace("uri: kamelet:caller-admission-action", "uri: nosuchthing:at-all");
            files.write("routes/greeting.camel.yaml", NEW_ROUTE.replace("Good morning", "Good evening") + broken);
            awaitRefused("greeting.camel.yaml", "nosuchthing");
            RunningGateway.await(
                    "both routes are back", () -> status("/greeting/you") == 200 && status("/farewell/you") == 200);
            assertThat(gateway.get("/greeting/you").body()).isEqualTo("Good morning");
        } finally {
            files.delete("routes/greeting.camel.yaml");
        }
        awaitStatus("/greeting/you", 404);
    }

    @Test
    void routeFileThatTakesAnotherFilesRoute_isRefused() {
        files.write("routes/greeting.camel.yaml", NEW_ROUTE.replace("id: greeting", "id: health"));
        try {
            awaitRefused("greeting.camel.yaml", "greeting.camel.yaml:2: a route of another file is called 'health'");
            assertThat(status("/health")).isEqualTo(200);
        } finally {
            files.delete("routes/greeting.camel.yaml");
        }
        awaitStatus("/ready", 200);
        assertThat(status("/health")).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "ref: agentPages, ref: agentPage, no bean is called 'agentPage'",
        "kamelet:caller-admission-action, kamelet:caller-admision-action, there is no file",
        "routeConfigurationId: api-errors, routeConfigurationId: apierrors, no routeConfiguration is called 'apierrors'"
    })
    @DisplayName("Trap 17: a typo in a route stops the start, with file and line")
    void typoInARoute_stopsTheStart(String old, String now, String reason) {
        assertThatThrownBy(() -> RunningGateway.start(
                        ConfigFolder.settings(model),
                        home -> new ConfigFolder(home).replace("routes/agents.camel.yaml", old, now)))
                .hasStackTraceContaining("agents.camel.yaml:")
                .hasStackTraceContaining(reason);
    }

    @Test
    void unknownSetting_stopsTheStart_andTheNearestIsNamed() {
        assertThatThrownBy(() -> RunningGateway.start(
                        ConfigFolder.settings(model),
                        home -> new ConfigFolder(home)
                                .setting("gateway.rate-limit.bursts", "10", "gateway.rate-limit.burst")))
                .hasStackTraceContaining("unknown setting 'gateway.rate-limit.bursts'")
                .hasStackTraceContaining("did you mean 'gateway.rate-limit.burst'?");
        assertThatThrownBy(() -> RunningGateway.start(Map.of("gateway.max-bodybytes", "1"), home -> {}))
                .hasStackTraceContaining("did you mean 'gateway.max-body-bytes'?");
    }
}
