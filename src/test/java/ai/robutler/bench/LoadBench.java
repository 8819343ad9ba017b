package ai.robutler.bench;

import ai.robutler.bench.LoadClient.Load;
import ai.robutler.bench.LoadClient.Run;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures what the gateway costs: the processor time of its process alone, for a JSON request and for a streamed
 * chunk, the time it adds to the first chunk, and its memory. The model, the target and the load are three processes
 * on one machine; so the processor time counts, and the rate is only what was left.
 *
 * <pre>
 * ./mvnw -q test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=ai.robutler.bench.LoadBench \
 *     -Dexec.args="--target gateway --java /usr/lib/jvm/java-17/bin/java --scenarios json,many --seconds 8"
 * </pre>
 */
public final class LoadBench implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration WARM_UP_MOST = Duration.ofSeconds(40);
    private static final long WARM_ANSWERS = 300_000;
    private static final long WARM_CHUNKS = 800_000;
    private static final Duration UP = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration NO_RAMP = Duration.ZERO;
    private static final int RAMP_SECONDS = 5;
    private static final int HEAP_SECONDS = 5;
    private static final int PACED_DELAY_MS = 20;
    private static final String MODEL_PATH = "/v1/chat/completions";
    private static final String ADMIN_KEY = "bench-admin-key-of-32-characters";
    private static final String TARGET_PATH = "/assistant/chat/completions";

    private final BenchOptions options;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final LoadClient client = new LoadClient();
    private final int modelPort = ServerProcess.freePort();
    private final int targetPort = ServerProcess.freePort();
    private final List<ServerProcess> processes = new ArrayList<>();

    private LoadBench(BenchOptions options) throws IOException {
        this.options = options;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> processes.forEach(ServerProcess::close)));
    }

    /** Runs the bench; see {@code BenchOptions} for the flags. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (LoadBench bench = new LoadBench(BenchOptions.parse(args))) {
            bench.run();
        }
    }

    @Override
    public void close() {
        client.close();
        processes.forEach(ServerProcess::close);
    }

    private void run() throws IOException, InterruptedException {
        ServerProcess model = ServerProcess.start(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "model",
                List.of("-Xmx256m", BenchModel.class.getName(), Integer.toString(modelPort)),
                Map.of());
        processes.add(model);
        awaitAnswer(model, modelPort, MODEL_PATH);

        long startNanos = System.nanoTime();
        ServerProcess target = startTarget();
        processes.add(target);
        awaitAnswer(target, targetPort, TARGET_PATH);
        long firstAnswerMs = (System.nanoTime() - startNanos) / 1_000_000;

        System.out.println(
                "| target | JDK | scenario | answers/s | chunks/s | CPU µs each | CPU, a core being 100 (not ours) "
                        + "| added first chunk p50 / p99 ms | errors | heap after GC MB | RSS MB |");
        System.out.println("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (String scenario : options.scenarios()) {
            switch (scenario) {
                case "start" -> start(target, firstAnswerMs);
                case "json" -> loop(target, "json, 16 callers", new Load(targetPort, TARGET_PATH, 16, 0, NO_RAMP));
                case "dynamic" -> dynamic(target);
                case "unpaced" -> unpaced(target);
                case "paced" -> paced(target);
                default -> many(target);
            }
        }
    }

    private ServerProcess startTarget() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-Xmx" + options.heap()));
        arguments.addAll(options.jvm());
        if (options.target().equals("bare")) {
            arguments.addAll(
                    List.of(BareProxy.class.getName(), Integer.toString(targetPort), Integer.toString(modelPort)));
        } else {
            arguments.add("ai.robutler.Application");
        }
        Path data = Files.createTempDirectory("bench-data");
        Map<String, String> environment = Map.ofEntries(
                Map.entry("ROBUTLER_DATA", data.toString()),
                Map.entry("ROBUTLER_API_KEY", ADMIN_KEY),
                Map.entry("PORT", Integer.toString(targetPort)),
                Map.entry("HOST", "127.0.0.1"),
                Map.entry("OPENAI_BASE_URL", "http://127.0.0.1:" + modelPort + "/v1"),
                Map.entry("OPENAI_API_KEY", "test"),
                Map.entry("OPENAI_MODEL", "fake"),
                Map.entry("GATEWAY_RATE_LIMIT_BURST", "0"),
                Map.entry("GATEWAY_RATE_LIMIT_MINUTE", "0"),
                Map.entry("GATEWAY_RATE_LIMIT_HOUR", "0"),
                Map.entry("GATEWAY_RATE_LIMIT_DAY", "0"));
        return ServerProcess.start(options.java(), "target", arguments, environment);
    }

    private void start(ServerProcess target, long firstAnswerMs) throws IOException, InterruptedException {
        Thread.sleep(IDLE.toMillis());
        String memory = memory(target);
        row("start: first answer after " + firstAnswerMs + " ms, then idle", "", "", "", "", "", "0", memory);
    }

    /** An agent that the portal in the same process keeps, asked with an API key; both are remembered after the first time. */
    private void dynamic(ServerProcess target) throws IOException, InterruptedException {
        String name = "bench-" + System.nanoTime();
        HttpRequest create = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + targetPort + "/api/agents"))
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\",\"instructions\":\"Be brief.\"}"))
                .build();
        HttpResponse<String> made = http.send(create, BodyHandlers.ofString());
        if (made.statusCode() != 200) {
            throw new IllegalStateException(made.body());
        }
        String path = "/" + name + "/chat/completions";
        loop(
                target,
                "json, dynamic agent with an API key, 16 callers",
                new Load(targetPort, path, 16, 0, NO_RAMP, ADMIN_KEY));
    }

    private void unpaced(ServerProcess target) throws IOException, InterruptedException {
        control(200, 0, 0);
        loop(target, "unpaced streams, 8 × 200 chunks", new Load(targetPort, TARGET_PATH, 8, 200, NO_RAMP));
    }

    private void paced(ServerProcess target) throws IOException, InterruptedException {
        control(50, 20, PACED_DELAY_MS);
        Duration ramp = Duration.ofSeconds(1);
        Run direct = client.start(new Load(modelPort, MODEL_PATH, 50, 50, ramp));
        Thread.sleep(WARM_UP.toMillis() / 2);
        int from = direct.latencies();
        Thread.sleep(options.seconds() * 500L);
        String reference = added(direct, from);
        direct.finish(UP);
        failures("paced, model itself", direct);

        Run run = client.start(new Load(targetPort, TARGET_PATH, 50, 50, ramp));
        Thread.sleep(WARM_UP.toMillis());
        from = run.latencies();
        Window window = window(target, run);
        String latency = added(run, from) + " (model itself " + reference + ")";
        run.finish(UP);
        row("paced streams, 50 at 20 ms", window, latency, run, memory(target));
    }

    private void many(ServerProcess target) throws IOException, InterruptedException {
        int seconds = RAMP_SECONDS + (int) WARM_UP.toSeconds() + options.seconds() + HEAP_SECONDS;
        control(seconds * 10, 100, 0);
        Duration ramp = Duration.ofSeconds(RAMP_SECONDS);
        Run run = client.start(new Load(targetPort, TARGET_PATH, options.streams(), seconds * 10, ramp));
        Thread.sleep(ramp.plus(WARM_UP).toMillis());
        run.stop();
        Window window = window(target, run);
        String memory = memory(target);
        run.finish(UP);
        row(options.streams() + " streams at 10 chunks/s", window, "", run, memory);
    }

    private void loop(ServerProcess target, String name, Load load) throws IOException, InterruptedException {
        Run run = client.start(load);
        warmUp(run);
        Window window = window(target, run);
        run.finish(UP);
        row(name, window, "", run, memory(target));
    }

    /** By count and not by time alone: beside other work on the machine the compilers take longer. */
    private static void warmUp(Run run) throws InterruptedException {
        Thread.sleep(WARM_UP.toMillis());
        long end = System.nanoTime() + WARM_UP_MOST.toNanos();
        while (run.answers() < WARM_ANSWERS && run.chunks() < WARM_CHUNKS && System.nanoTime() < end) {
            Thread.sleep(100);
        }
    }

    private Window window(ServerProcess target, Run run) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        long answers = run.answers();
        long chunks = run.chunks();
        long cpuNanos = target.cpuNanos();
        long othersNanos = othersNanos();
        Thread.sleep(options.seconds() * 1_000L);
        return new Window(
                System.nanoTime() - startNanos,
                target.cpuNanos() - cpuNanos,
                othersNanos() - othersNanos,
                run.answers() - answers,
                run.load().chunks() == 0 ? 0 : run.chunks() - chunks);
    }

    /** What the rest of the machine has used: a window in which it worked much is worth little. */
    private long othersNanos() throws IOException {
        long ours = ServerProcess.ownCpuNanos();
        for (ServerProcess process : processes) {
            ours += process.cpuNanos();
        }
        return ServerProcess.machineCpuNanos() - ours;
    }

    private void row(String name, Window window, String latency, Run run, String memory) {
        row(
                name,
                rate((double) window.answers(), window.nanos()),
                window.chunks() == 0 ? "" : rate((double) window.chunks(), window.nanos()),
                format(window.cpuNanos() / 1e3 / Math.max(1, window.units())),
                rate(window.cpuNanos() / 1e7, window.nanos()) + " (" + rate(window.othersNanos() / 1e7, window.nanos())
                        + ")",
                latency,
                Long.toString(run.errors()),
                memory);
        failures(name, run);
    }

    private void row(
            String name,
            String answers,
            String chunks,
            String micros,
            String cpu,
            String latency,
            String errors,
            String memory) {
        System.out.println("| "
                + String.join(
                        " | ", options.target(), release(), name, answers, chunks, micros, cpu, latency, errors, memory)
                + " |");
    }

    private static void failures(String name, Run run) {
        if (run.errors() > 0) {
            System.err.println(name + ": " + run.errors() + " errors, the first: " + run.firstError());
        }
    }

    private static String added(Run run, int from) {
        long[] nanos = run.firstChunkNanos(from);
        return nanos.length == 0 ? "none" : added(nanos, 0.5) + " / " + added(nanos, 0.99);
    }

    private static String added(long[] nanos, double quantile) {
        return format(nanos[(int) (quantile * (nanos.length - 1))] / 1e6 - PACED_DELAY_MS);
    }

    private static String memory(ServerProcess target) throws IOException, InterruptedException {
        long rss = target.rssKilobytes();
        return format(target.heapKilobytesAfterGc() / 1024.0) + " | " + rss / 1024;
    }

    private static String rate(double count, long nanos) {
        return String.format(Locale.ROOT, "%.0f", count * 1e9 / nanos);
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private String release() {
        Path release = options.java().toAbsolutePath().resolve("../../release").normalize();
        try {
            return Files.readString(release)
                    .lines()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("[^0-9.]", ""))
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?";
        }
    }

    private void control(int chunks, int gapMs, int delayMs) throws IOException, InterruptedException {
        String query = "/control?chunks=" + chunks + "&gapMs=" + gapMs + "&delayMs=" + delayMs;
        http.send(request(modelPort, query).GET().build(), BodyHandlers.discarding());
    }

    private void awaitAnswer(ServerProcess process, int port, String path) throws InterruptedException {
        String body = "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        HttpRequest request = request(port, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        String last = "nothing";
        long end = System.nanoTime() + UP.toNanos();
        while (System.nanoTime() < end && process.alive()) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 200 && answer.body().contains(BenchModel.MARK)) {
                    return;
                }
                last = answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                last = e.toString();
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException(path + " does not answer, see target/bench-*.log: " + last);
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5));
    }

    /** What happened in a measured time. */
    private record Window(long nanos, long cpuNanos, long othersNanos, long answers, long chunks) {
        long units() {
            return chunks == 0 ? answers : chunks;
        }
    }
}
