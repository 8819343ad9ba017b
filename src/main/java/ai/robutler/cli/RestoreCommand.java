package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code robutler restore}: what a backup holds, in place of all data. */
@Command(
        name = "restore",
        description = "Puts what a backup holds in place of all data; a running server of the folder does it itself.",
        footer = {"robutler restore portal.zip", "robutler restore --yes portal.zip --data /var/lib/robutler"})
final class RestoreCommand implements Callable<Integer> {
    private static final long MOST_SECONDS = 3600;
    private static final long SLOWEST_BYTES_PER_SECOND = 10_000;

    private final Host host;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = {"-y", "--yes"},
            description = "Replace the data that is there, without asking.")
    private boolean yes;

    @Parameters(paramLabel = "FILE", description = "What backup has written.")
    private Path file = Path.of("");

    RestoreCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Failure.here("cannot read " + file + "; check that the backup is there and readable");
        }
        Archive archive = host.archive(data.settings());
        boolean served = archive.isServed();
        if (!yes && (served || archive.hasData())) {
            confirm(host.terminal());
        }
        if (served) {
            return restoreByServer();
        }
        ObjectNode summary = JsonNodeFactory.instance.objectNode().put("file", file.toString());
        restore(archive).forEach(summary::put);
        server.output(host).show(summary);
        return ExitCode.OK;
    }

    private int restoreByServer() throws IOException {
        Session session = server.open(host);
        long size = Files.size(file);
        MultipartBody body = new MultipartBody();
        try (ProgressBar bar = new ProgressBar(host.terminal(), "restoring")) {
            JsonNode answer = session.client()
                    .post(
                            "/api/admin/restore",
                            body.contentType(),
                            body.publisher("backup.zip", "application/zip", file, done -> bar.at(done, size)),
                            Duration.ofSeconds(MOST_SECONDS + size / SLOWEST_BYTES_PER_SECOND));
            return session.show(answer, "restored");
        }
    }

    private Map<String, Long> restore(Archive archive) throws IOException {
        try (ProgressBar bar = new ProgressBar(host.terminal(), "restoring")) {
            return archive.restore(file, bar::at);
        }
    }

    private static void confirm(Terminal terminal) throws IOException {
        if (!terminal.interactive()) {
            throw Failure.usage("there is data, which would be replaced; say so with --yes");
        }
        terminal.out().print("All data that is there will be replaced. Type yes to go on: ");
        terminal.out().flush();
        String line = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)).readLine();
        if (line == null || !line.strip().equalsIgnoreCase("yes")) {
            throw Failure.here("nothing was changed; type yes, or give --yes");
        }
    }
}
