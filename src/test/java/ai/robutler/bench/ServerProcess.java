package ai.robutler.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A JVM of our own with one server in it, and what the system says about it. Its output goes to a file in target. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern HEAP_USED = Pattern.compile("(?m)^.*(?:heap|generation) .*used (\\d+)K");
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final long JCMD_SECONDS = 20;

    private final Process process;
    private final Path java;

    private ServerProcess(Process process, Path java) {
        this.process = process;
        this.java = java;
    }

    /** Starts {@code java <arguments>} with our class path in the working directory. */
    static ServerProcess start(Path java, String name, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-cp", classPath()));
        command.addAll(arguments);
        File output = Path.of("target", "bench-" + name + ".log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start(), java);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** User and system time of all its threads since its start. */
    long cpuNanos() throws IOException {
        return cpuNanos(proc("stat"));
    }

    /** The same of the process that asks. */
    static long ownCpuNanos() throws IOException {
        return cpuNanos(Path.of("/proc/self/stat"));
    }

    /** The same of the whole machine, interrupts and what its host took away included. */
    static long machineCpuNanos() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/stat"))
                .lines()
                .findFirst()
                .orElse("")
                .split(" +", -1);
        long ticks = 0;
        for (int i = 1; i < Math.min(fields.length, 9); i++) {
            boolean idle = i == 4 || i == 5;
            ticks += idle ? 0 : Long.parseLong(fields[i]);
        }
        return ticks * NANOS_PER_TICK;
    }

    private static long cpuNanos(Path file) throws IOException {
        String stat = Files.readString(file);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
    }

    long rssKilobytes() throws IOException {
        Matcher rss = RSS.matcher(Files.readString(proc("status")));
        return rss.find() ? Long.parseLong(rss.group(1)) : 0;
    }

    /** Heap in use after a full collection; 0 when this JDK has no jcmd. */
    long heapKilobytesAfterGc() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path jcmd = java.resolveSibling("jcmd");
        if (!Files.isExecutable(jcmd)) {
            return "";
        }
        Process run = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!run.waitFor(JCMD_SECONDS, TimeUnit.SECONDS)) {
            run.destroyForcibly();
        }
        return output;
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /** Maven runs us from a class loader of its own and has only itself in {@code java.class.path}. */
    private static String classPath() {
        if (ServerProcess.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs())
                    .map(ServerProcess::path)
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    private static String path(URL url) {
        try {
            return Path.of(new URI(url.toString())).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
