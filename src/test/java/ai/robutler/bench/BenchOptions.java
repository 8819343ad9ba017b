package ai.robutler.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run of the bench measures.
 *
 * @param java the java binary that runs the target
 * @param target {@code gateway} or {@code bare}
 * @param scenarios some of json, dynamic, unpaced, paced, many, start
 * @param seconds length of a measured window
 * @param streams concurrent streams of the scenario many
 * @param heap the target's {@code -Xmx}
 * @param jvm more arguments for the target's JVM, apart by spaces
 */
record BenchOptions(
        Path java, String target, List<String> scenarios, int seconds, int streams, String heap, List<String> jvm) {
    private static final Set<String> SCENARIOS = Set.of("json", "dynamic", "unpaced", "paced", "many", "start");
    private static final Map<String, String> DEFAULTS = Map.of(
            "--java", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--target", "gateway",
            "--scenarios", "start,json,dynamic,unpaced,paced,many",
            "--seconds", "8",
            "--streams", "500",
            "--heap", "256m",
            "--jvm", "");

    BenchOptions {
        if (!Set.of("gateway", "bare").contains(target) || !SCENARIOS.containsAll(scenarios)) {
            throw new IllegalArgumentException("--target gateway|bare, --scenarios of " + SCENARIOS);
        }
        if (seconds < 1 || seconds > 600 || streams < 1 || streams > 5_000) {
            throw new IllegalArgumentException("--seconds 1..600, --streams 1..5000");
        }
    }

    static BenchOptions parse(String[] args) {
        Map<String, String> values = new HashMap<>(DEFAULTS);
        for (int i = 0; i < args.length; i += 2) {
            if (!DEFAULTS.containsKey(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException("Unknown or without a value: " + args[i] + "; known: "
                        + DEFAULTS.keySet().stream().sorted().toList());
            }
            values.put(args[i], args[i + 1]);
        }
        String jvm = values.getOrDefault("--jvm", "");
        return new BenchOptions(
                Path.of(values.getOrDefault("--java", "java")),
                values.getOrDefault("--target", ""),
                List.of(values.getOrDefault("--scenarios", "").split(",")),
                Integer.parseInt(values.getOrDefault("--seconds", "")),
                Integer.parseInt(values.getOrDefault("--streams", "")),
                values.getOrDefault("--heap", ""),
                jvm.isBlank() ? List.of() : List.of(jvm.strip().split(" +")));
    }
}
