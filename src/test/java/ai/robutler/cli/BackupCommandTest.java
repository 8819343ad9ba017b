package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import ai.robutler.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore: what is asked before, and what is left behind. */
final class BackupCommandTest {
    @TempDir
    private Path folder;

    private final Data data = new Data();

    private TestHost host() {
        return new TestHost(1, folder).with(data);
    }

    @Test
    void backup_isThereWhenItIsWhole() throws IOException {
        Path file = folder.resolve("b.zip");

        Result result = host().run("backup", file.toString(), "-o", "json");

        assertThat(result.exitCode()).isZero();
        assertThat(Json.of(result.out()).path("users").asLong()).isEqualTo(3);
        assertThat(file).hasContent("all");
        assertThat(list()).containsExactly("b.zip");
    }

    @Test
    void backup_replacesNoFileWithoutForce() throws IOException {
        Path file = Files.writeString(folder.resolve("b.zip"), "before");

        Result refused = host().run("backup", file.toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("--force").hasLineCount(1);
        assertThat(file).hasContent("before");

        assertThat(host().run("backup", "--force", file.toString()).exitCode()).isZero();
        assertThat(file).hasContent("all");
    }

    @Test
    void backupThatFails_leavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("b.zip"), "before");
        data.failure = "the disk is full; make room";

        Result result = host().run("backup", "--force", file.toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).isEqualTo("robutler: the disk is full; make room\n");
        assertThat(file).hasContent("before");
        assertThat(list()).containsExactly("b.zip");
    }

    @Test
    void backupIntoNoFolder_is1() {
        Result result = host().run("backup", folder.resolve("no/b.zip").toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("no folder").hasLineCount(1);
    }

    @Test
    void restoreOverData_takesYes() throws IOException {
        String file = Files.writeString(folder.resolve("b.zip"), "all").toString();

        Result unasked = host().run("restore", file);
        assertThat(unasked.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unasked.err()).contains("--yes").hasLineCount(1);
        Result no = host().onTerminal(80).typing("y\n").run("restore", file);
        assertThat(no.exitCode()).isEqualTo(ExitCode.FAILED);
        Result nothing = host().onTerminal(80).typing("").run("restore", file);
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(data.restored).isNull();

        assertThat(host().onTerminal(80).typing("yes\n").run("restore", file).exitCode())
                .isZero();
        assertThat(data.restored).isEqualTo("all");
        data.restored = null;
        assertThat(host().run("restore", "--yes", file).exitCode()).isZero();
        assertThat(data.restored).isEqualTo("all");
    }

    @Test
    void restoreIntoNothing_asksNothing() throws IOException {
        data.empty = true;

        assertThat(host().run(
                                "restore",
                                Files.writeString(folder.resolve("b.zip"), "all")
                                        .toString())
                        .exitCode())
                .isZero();
        assertThat(data.restored).isEqualTo("all");
    }

    @Test
    void restoreOfNoFile_is1() {
        assertThat(host().run("restore", "nowhere").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void bar_isOnATerminalOnly() {
        assertThat(host().onTerminal(80)
                        .run("backup", folder.resolve("a.zip").toString())
                        .out())
                .startsWith("\rbacking up [###############               ] 50% of 2");
        assertThat(host().run("backup", folder.resolve("b.zip").toString()).out())
                .startsWith("file");
    }

    private List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static final class Data implements Archive {
        private String failure = "";
        private @Nullable String restored;
        private boolean empty;

        @Override
        public Map<String, Long> backup(Path file, BiConsumer<Long, Long> progress) throws IOException {
            progress.accept(1L, 2L);
            Files.writeString(file, "all");
            if (!failure.isEmpty()) {
                throw Failure.here(failure);
            }
            return Map.of("users", 3L);
        }

        @Override
        public boolean hasData() {
            return !empty;
        }

        @Override
        public Map<String, Long> restore(Path file, BiConsumer<Long, Long> progress) throws IOException {
            restored = Files.readString(file);
            return Map.of("users", 3L);
        }
    }
}
