package ai.robutler.support;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gateway as its operator runs it: a process of its own, in a folder with copies of what is shipped. */
public final class GatewayProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern ADDRESS = Pattern.compile("address +http://localhost:(\\d+)");
    private static final Pattern OURS =
            Pattern.compile("(PORT|HOST|OPENAI_.*|GATEWAY_.*|ROBUTLER_.*|CAMEL_.*|PORTAL_.*|DATABASE_.*)");

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private GatewayProcess(Process process) {
        this.process = process;
        this.readers = List.of(reader(process.getInputStream(), output), reader(process.getErrorStream(), errors));
    }

    /** Puts copies of config, routes and kamelets into the folder. */
    public static void copyShipped(Path home) throws IOException {
        for (String folder : List.of("config", "routes", "kamelets")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.toList()) {
                    Path target = home.resolve(file.toString());
                    Files.createDirectories(Files.isDirectory(file) ? target : target.getParent());
                    if (!Files.isDirectory(file)) {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }

    /**
     * Starts it. It takes a free port and looks for no model on this machine, unless the environment says so.
     *
     * @param home the folder that it is run in
     * @param environment added to ours, of which nothing is left that is a setting
     * @param arguments of its command line; none start the server
     */
    public static GatewayProcess start(Path home, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(home, environment, List.of(), List.of("-Xmx256m"), List.of(arguments));
    }

    /** A server with these options of the JVM. */
    public static GatewayProcess start(Path home, Map<String, String> environment, List<String> jvm)
            throws IOException {
        return start(home, environment, List.of(), jvm, List.of());
    }

    /** A server where no file can have more than so many bytes: it is as if the disk were full. */
    public static GatewayProcess startWithSmallDisk(Path home, Map<String, String> environment, int fileBytes)
            throws IOException {
        List<String> limited = List.of("sh", "-c", "ulimit -f " + fileBytes / 512 + "; exec \"$@\"", "sh");
        return start(home, environment, limited, List.of("-Xmx256m"), List.of());
    }

    private static GatewayProcess start(
            Path home, Map<String, String> environment, List<String> before, List<String> jvm, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath(), "ai.robutler.Application"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        Map<String, String> all = builder.environment();
        all.keySet().removeIf(name -> OURS.matcher(name).matches());
        all.put("PORT", "0");
        all.put("GATEWAY_MODEL_LOCAL_SERVERS", "");
        all.putAll(environment);
        return new GatewayProcess(builder.start());
    }

    /** Waits for the banner and returns the port that it tells. */
    public int awaitPort() {
        RunningGateway.await(
                "the banner of a process that said\n" + all(), () -> port().isPresent() || !process.isAlive());
        return port().orElseThrow(() -> new AssertionError("It ended:\n" + all()));
    }

    /** What it wrote to standard output, by lines; a line of JSON is one line. */
    public List<String> output() {
        return List.copyOf(output);
    }

    /** What it wrote to standard error. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** The process. */
    public Process process() {
        return process;
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the end and all output; returns the exit status. */
    public int awaitExit() {
        try {
            return exit();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("It goes on:\n" + all());
        }
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }

    private Optional<Integer> port() {
        Matcher address = ADDRESS.matcher(String.join("\n", output));
        return address.find() ? Optional.of(Integer.valueOf(address.group(1))) : Optional.empty();
    }

    private String all() {
        return String.join("\n", output) + "\n" + String.join("\n", errors);
    }

    private static Thread reader(InputStream in, List<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException killed) {
                // what was read is what there is
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** The tests' class path without the tests. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
