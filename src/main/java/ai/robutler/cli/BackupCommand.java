package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code robutler backup}: all of the portal's data in one file, which is there when it is whole. */
@Command(
        name = "backup",
        description = {
            "Writes database and content into one file.",
            "It holds what users have stored, and hashes of keys: keep it as you keep the database."
        },
        footer = {"robutler backup portal.zip", "robutler backup --force nightly.zip -o json"})
final class BackupCommand implements Callable<Integer> {
    private final Host host;

    @Mixin
    private OutputOptions options = new OutputOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    @Parameters(paramLabel = "FILE", description = "Where to.")
    private Path file = Path.of("");

    BackupCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(file) || (!force && Files.exists(file))) {
            throw Failure.here(file + " is there already; replace it with --force, or choose another file");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw Failure.here("there is no folder " + folder + "; make it first");
        }
        Path draft = Files.createTempDirectory(folder, ".backup");
        Path written = draft.resolve("backup.zip");
        try {
            Map<String, Long> counts = write(written);
            move(written);
            ObjectNode summary = JsonNodeFactory.instance.objectNode().put("file", file.toString());
            counts.forEach(summary::put);
            new Output(host, options).show(summary);
            return ExitCode.OK;
        } finally {
            Files.deleteIfExists(written);
            Files.deleteIfExists(draft);
        }
    }

    private Map<String, Long> write(Path written) throws IOException {
        try (ProgressBar bar = new ProgressBar(host.terminal(), "backing up")) {
            return host.archive(data.settings()).backup(written, bar::at);
        }
    }

    private void move(Path written) throws IOException {
        if (force) {
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.move(written, file);
        }
    }
}
