package ai.robutler.bench;

import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures publishing and finding intents over HTTP: how long storing and embedding them takes, how long a search, the
 * server's memory, and how soon it finds them all after a restart.
 *
 * <pre>
 * ./mvnw -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=ai.robutler.bench.IntentBench \
 *     -Dexec.args="10000"
 * </pre>
 */
public final class IntentBench implements AutoCloseable {
    private static final String KEY = "an-admin-key-for-the-bench-of-intents";
    private static final Duration UP = Duration.ofSeconds(60);
    private static final Duration INDEXED = Duration.ofMinutes(20);
    private static final int BATCH = 100;
    private static final int SEARCHES = 500;
    private static final int WARM_UP = 300;
    private static final long POLL_NANOS = 100_000_000;
    private static final List<String> VERBS =
            List.of("translate", "review", "plan", "repair", "teach", "design", "compare", "summarise", "book", "sell");
    private static final List<String> THINGS = List.of(
            "contracts",
            "bicycles",
            "gardens",
            "flights",
            "invoices",
            "violins",
            "websites",
            "recipes",
            "tax returns",
            "theses",
            "kitchens",
            "tractors",
            "poems",
            "databases",
            "weddings",
            "passports",
            "boats",
            "lectures",
            "photographs",
            "insurances");
    private static final List<String> FOR = List.of(
            "for beginners",
            "in Berlin",
            "within a day",
            "for companies",
            "by e-mail",
            "for families",
            "in French",
            "with a guarantee",
            "on weekends",
            "at the lowest price");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = ServerProcess.freePort();
    private final Path data = Files.createTempDirectory("intent-bench");
    private ServerProcess server = start();

    private IntentBench() throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Runs the bench; the one argument is how many intents there are. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (IntentBench bench = new IntentBench()) {
            bench.run(args.length == 0 ? 10_000 : Integer.parseInt(args[0]));
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private ServerProcess start() throws IOException {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("PORT", Integer.toString(port)),
                Map.entry("HOST", "127.0.0.1"),
                Map.entry("ROBUTLER_API_KEY", KEY),
                Map.entry("ROBUTLER_DATA", data.toString()),
                Map.entry("PORTAL_INTENTS_PER_USER", "1000000"),
                Map.entry("GATEWAY_RATE_LIMIT_BURST", "0"),
                Map.entry("GATEWAY_RATE_LIMIT_MINUTE", "0"),
                Map.entry("GATEWAY_RATE_LIMIT_HOUR", "0"),
                Map.entry("GATEWAY_RATE_LIMIT_DAY", "0"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return ServerProcess.start(java, "intents", List.of("-Xmx512m", "ai.robutler.Application"), environment);
    }

    private void run(int intents) throws IOException, InterruptedException {
        awaitUp();
        tell("RSS before the first intent, MB", server.rssKilobytes() / 1024.0);
        long begun = System.nanoTime();
        for (int first = 0; first < intents; first += BATCH) {
            post("/api/intents/create", batch(first, Math.min(intents, first + BATCH)));
        }
        tell("intents stored a second, in batches of " + BATCH, intents / seconds(begun));
        awaitIndexed(intents);
        tell("seconds until all had their vectors", seconds(begun));
        searches("one at a time");
        tell("RSS, MB", server.rssKilobytes() / 1024.0);
        tell("heap after a collection, MB", server.heapKilobytesAfterGc() / 1024.0);
        server.close();
        begun = System.nanoTime();
        server = start();
        awaitUp();
        awaitIndexed(intents);
        tell("seconds from the start of the next process until it found all", seconds(begun));
        searches("after a restart");
    }

    private void searches(String what) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            search("warm up " + i, 5);
        }
        long[] fresh = new long[SEARCHES];
        long[] known = new long[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) {
            String text = "somebody who can " + intent(7 * i) + " " + what + " please";
            fresh[i] = search(text, 5);
            known[i] = search(text, 5);
        }
        tell("search, new text, " + what, fresh);
        tell("search, text of before, " + what, known);
    }

    private long search(String text, int top) throws IOException, InterruptedException {
        String body = Json.object().put("intent", text).put("top_k", top).toString();
        long begun = System.nanoTime();
        post("/api/intents/search", body);
        return System.nanoTime() - begun;
    }

    private static String batch(int from, int to) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("intents");
        for (int i = from; i < to; i++) {
            list.addObject()
                    .put("intent", intent(i))
                    .put("agent_id", "agent-" + i % 500)
                    .put("url", "https://example.org/" + i % 500);
        }
        return body.toString();
    }

    private static String intent(int number) {
        int thing = number / VERBS.size();
        int purpose = thing / THINGS.size();
        List<String> words = new ArrayList<>(List.of(
                VERBS.get(number % VERBS.size()), THINGS.get(thing % THINGS.size()), FOR.get(purpose % FOR.size())));
        int rest = purpose / FOR.size();
        if (rest > 0) {
            words.add("and offer number " + rest);
        }
        return String.join(" ", words);
    }

    private void awaitUp() throws InterruptedException {
        long end = System.nanoTime() + UP.toNanos();
        while (true) {
            try {
                get("/api/intents/health");
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > end || !server.alive()) {
                    throw new IllegalStateException("the server does not come up; see target/bench-intents.log");
                }
                LockSupport.parkNanos(POLL_NANOS / 10);
            }
        }
    }

    private void awaitIndexed(int intents) throws IOException, InterruptedException {
        long end = System.nanoTime() + INDEXED.toNanos();
        JsonNode health = get("/api/intents/health");
        while (health.path("phrases").asInt() < intents
                || health.path("waiting").asInt() > 0
                || !health.path("ready").asBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not all have their vectors: " + health);
            }
            LockSupport.parkNanos(POLL_NANOS);
            health = get("/api/intents/health");
        }
        tell(
                "intents with a vector; the others' language the model does not know",
                health.path("vectors").asInt());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + KEY);
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(request.uri() + " -> " + answer.statusCode() + " " + answer.body());
        }
        return Json.read(answer.body());
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void tell(String what, long[] nanos) {
        Arrays.sort(nanos);
        tell(what + ", p50 ms", nanos[nanos.length / 2] / 1e6);
        tell(what + ", p99 ms", nanos[nanos.length * 99 / 100] / 1e6);
    }

    private static void tell(String what, double value) {
        System.out.println(String.format(Locale.ROOT, "%-64s %10.1f", what, value));
    }
}
