package ai.robutler.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL of one test's own, which can be killed and started again. */
public final class PostgresProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Path data;
    private final EmbeddedPostgres server;

    private PostgresProcess(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
    }

    /** Starts one with fsync on. */
    public static PostgresProcess start() throws IOException {
        Path data = Files.createTempDirectory("postgres");
        return new PostgresProcess(
                data,
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(true)
                        .setServerConfig("fsync", "on")
                        .start());
    }

    /** Its address, as {@code database.url} takes it. */
    public String address() {
        return "postgresql://postgres:postgres@localhost:" + server.getPort() + "/postgres";
    }

    /** Ends it as a crash does. */
    public void kill() throws IOException {
        control("stop", "-m", "immediate");
    }

    /** Starts it again. */
    public void restart() throws IOException {
        control(
                "-o",
                "-p " + server.getPort() + " -c fsync=on",
                "-l",
                data.resolve("log").toString(),
                "-w",
                "start");
    }

    private void control(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program().toString(), "-D", data.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("pg_ctl", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + " said\n" + Files.readString(output));
            }
            Files.delete(output);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Path program() throws IOException {
        Path unpacked = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg");
        try (Stream<Path> versions = Files.list(unpacked)) {
            return versions.map(version -> version.resolve("bin/pg_ctl"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
