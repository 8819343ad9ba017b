package ai.robutler.bench;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.portal.Changes;
import ai.robutler.portal.Ids;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.agent.AgentApi;
import ai.robutler.portal.agent.AgentJson;
import ai.robutler.portal.agent.AgentKeys;
import ai.robutler.portal.agent.AgentListener;
import ai.robutler.portal.agent.AgentRepository;
import ai.robutler.portal.agent.Agents;
import ai.robutler.portal.key.ApiKey;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.KeyText;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.User;
import ai.robutler.portal.user.UserRepository;
import ai.robutler.support.PostgresServer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Measures the registry of agents with 100,000 agents of one owner, on SQLite and on PostgreSQL: the time from the request,
 * read, to the bytes of the answer. HTTP and the caller's authentication are not in it.
 *
 * <pre>
 * ./mvnw -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=ai.robutler.bench.AgentBench
 * </pre>
 */
public final class AgentBench implements AutoCloseable {
    private static final int AGENTS = 100_000;
    private static final int BATCH = 1_000;
    private static final int STRIDE = 7_919;
    private static final int WARM_UP = 300;
    private static final int CALLS = 1_000;
    private static final String INSTRUCTIONS =
            "You answer questions about orders, kindly and in short sentences. ".repeat(8);

    private final String store;
    private final Database database;
    private final Clock clock = Clock.systemUTC();
    private final KeyRepository keys = new KeyRepository();
    private final AgentRepository repository = new AgentRepository();
    private final AgentApi api;
    private final KeyOwner owner;
    private int next;

    private AgentBench(String store, String url, Path folder) {
        this.store = store;
        this.database = Database.open(DatabaseAddress.of(url, folder), 8, Duration.ofSeconds(5));
        Agents agents = new Agents(repository, new AgentKeys(keys, clock), AgentListener.NONE, name -> false, clock);
        this.api = new AgentApi(
                database,
                new FirstAnswers(database, clock),
                agents,
                new AgentJson(() -> "http://localhost:8000"),
                new Changes());
        User user = User.create("owner", Optional.empty(), User.Role.USER, clock.millis());
        String key = KeyText.next();
        database.change(handle -> {
            new UserRepository().insert(handle, user);
            keys.insert(handle, ApiKey.create("main", user.id(), key, clock.millis()), key);
        });
        this.owner = database.read(handle -> keys.authenticate(handle, key, clock.millis()))
                .orElseThrow();
    }

    /** Runs the bench. */
    public static void main(String[] args) throws IOException {
        System.out.println("| store | agents | call | p50 ms | p99 ms |");
        System.out.println("|---|---:|---|---:|---:|");
        Path folder = Files.createTempDirectory("agents");
        try (AgentBench sqlite = new AgentBench("SQLite", "", folder)) {
            sqlite.run();
        }
        try (AgentBench postgres = new AgentBench("PostgreSQL", PostgresServer.newDatabase(), folder)) {
            postgres.run();
        }
    }

    @Override
    public void close() {
        database.close();
    }

    private void run() {
        String[] ids = fill();
        int deep = AGENTS - 2 * BATCH;
        String cursor = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ids[AGENTS - deep].getBytes(StandardCharsets.UTF_8));
        measure("first page of 50", () -> api.list(request(Map.of(), "")));
        measure("page of 50 behind " + deep + ", by cursor", () -> api.list(request(Map.of("cursor", cursor), "")));
        measure(
                "page of 50 behind " + deep + ", by offset",
                () -> api.list(request(Map.of("offset", Integer.toString(deep)), "")));
        measure("first page of 200", () -> api.list(request(Map.of("limit", "200"), "")));
        measure("by name", () -> api.getByName(request(Map.of(), "agent-" + next())));
        measure("by id", () -> api.get(request(Map.of(), ids[next()])));
        measure("create", () -> api.create(post("{\"name\":\"new-" + next() + "\",\"instructions\":\"x\"}")));
        measure("change", () -> api.change(patch("agent-" + next())));
    }

    /** One of the agents, never the same one twice in a row. */
    private int next() {
        next = (next + STRIDE) % AGENTS;
        return next;
    }

    private String[] fill() {
        String[] ids = new String[AGENTS];
        for (int from = 0; from < AGENTS; from += BATCH) {
            int first = from;
            database.change(handle -> fill(handle, first, ids));
        }
        database.change(handle -> handle.execute("ANALYZE"));
        return ids;
    }

    private void fill(Handle handle, int from, String[] ids) {
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO agents (id, name, owner_id, description, instructions, intents, can_talk_to_other_agents,
                  other_agents_can_talk, is_public, suggested_actions, skills, tools, created_at, updated_at)
                VALUES (:id, :name, :owner, 'Knows orders', :instructions, '["track an order"]', FALSE, FALSE, TRUE, '[]',
                  '{}', '["orders"]', 0, 0)""");
        for (int i = from; i < from + BATCH; i++) {
            ids[i] = Ids.next();
            batch.bind("id", ids[i])
                    .bind("name", "agent-" + i)
                    .bind("owner", owner.userId())
                    .bind("instructions", INSTRUCTIONS)
                    .add();
        }
        batch.execute();
    }

    private PortalRequest request(Map<String, String> query, String agent) {
        Map<String, List<String>> lists = new java.util.HashMap<>();
        query.forEach((name, value) -> lists.put(name, List.of(value)));
        return request("GET", lists, agent, Json.object());
    }

    private PortalRequest post(String json) {
        return request("POST", Map.of(), "", (ObjectNode) Json.read(json));
    }

    private PortalRequest patch(String agent) {
        return request("PATCH", Map.of(), agent, Json.object().put("model", "m" + System.nanoTime()));
    }

    private PortalRequest request(String method, Map<String, List<String>> query, String agent, ObjectNode body) {
        return new PortalRequest(
                method,
                "/api/agents",
                Map.of("agent", agent),
                query,
                body,
                Optional.of(owner),
                Optional.empty(),
                Optional.empty(),
                "req_bench");
    }

    private void measure(String call, Supplier<ObjectNode> work) {
        for (int i = 0; i < WARM_UP; i++) {
            Json.bytes(work.get());
        }
        long[] nanos = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long begun = System.nanoTime();
            Json.bytes(work.get());
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %.2f | %.2f |%n",
                store,
                AGENTS,
                call,
                nanos[CALLS / 2] / 1e6,
                nanos[CALLS * 99 / 100] / 1e6);
    }
}
