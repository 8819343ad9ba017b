package ai.robutler.portal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import ai.robutler.support.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups and restores, on both databases and from one to the other. */
final class ArchivesTest {
    @TempDir
    private Path folder;

    private final ExecutorService others = Executors.newCachedThreadPool();
    private final List<FilledPortal> portals = new ArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("backup.zip");
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        portals.forEach(FilledPortal::close);
    }

    private FilledPortal portal(Store store) {
        FilledPortal portal = FilledPortal.open(store, folder.resolve("data" + portals.size()));
        portals.add(portal);
        return portal;
    }

    @ParameterizedTest
    @CsvSource({"SQLITE, SQLITE", "SQLITE, POSTGRESQL", "POSTGRESQL, SQLITE", "POSTGRESQL, POSTGRESQL"})
    void restore_onWhicheverDatabase_givesTheSameRowsAndContents(Store from, Store to) throws IOException {
        FilledPortal first = portal(from);
        first.addEveryKindOfRow();
        FilledPortal second = portal(to);
        second.addUser("somebody else");
        List<Long> told = new CopyOnWriteArrayList<>();

        Map<String, Long> written = first.archives().backup(file, (done, total) -> told.add(done * 100 / total));
        Map<String, Long> restored = second.archives().restore(file, Progress.UNTOLD);

        assertThat(restored).isEqualTo(written).containsEntry("users", 2L).containsEntry("contents", 1L);
        assertThat(second.rows()).isEqualTo(first.rows());
        assertThat(Files.readString(second.content())).isEqualTo(FilledPortal.CONTENT);
        assertThat(told).isSorted().last().isEqualTo(100L);
    }

    @Test
    void backup_isForItsOwnerOnlyAndHoldsEveryTable() throws IOException {
        FilledPortal portal = portal(Store.SQLITE);
        portal.addEveryKindOfRow();

        portal.archives().backup(file, Progress.UNTOLD);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName).filter(name -> name.startsWith("tables/")))
                    .containsExactlyInAnyOrderElementsOf(portal.tables().stream()
                            .map(table -> "tables/" + table + ".jsonl")
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void backup_whileOthersWrite_isOneState(Store store) throws Exception {
        FilledPortal portal = portal(store);
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writers.add(others.submit(() -> {
                while (!stop.get()) {
                    portal.addUserWithKey();
                }
            }));
        }
        FilledPortal target = portal(Store.SQLITE);
        try {
            for (int i = 0; i < 3; i++) {
                long before = portal.count("users");
                Files.deleteIfExists(file);
                portal.archives().backup(file, Progress.UNTOLD);
                Map<String, Long> restored = target.archives().restore(file, Progress.UNTOLD);

                assertThat(restored.get("users"))
                        .isEqualTo(restored.get("api_keys"))
                        .isGreaterThanOrEqualTo(before);
            }
        } finally {
            stop.set(true);
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void restore_whileOthersReadAndWrite_showsBeforeOrAfter(Store store) throws Exception {
        FilledPortal portal = portal(store);
        for (int i = 0; i < 200; i++) {
            portal.addUserWithKey();
        }
        portal.archives().backup(file, Progress.UNTOLD);
        portal.archives().restore(file, Progress.UNTOLD);
        AtomicBoolean stop = new AtomicBoolean();
        Future<List<String>> seen = others.submit(() -> {
            List<String> mixtures = new ArrayList<>();
            while (!stop.get()) {
                long[] counts = portal.countsInOneRead("users", "api_keys");
                if (counts[0] != counts[1] || counts[0] < 200) {
                    mixtures.add(counts[0] + " users, " + counts[1] + " keys");
                }
            }
            return mixtures;
        });
        Future<?> writer = others.submit(() -> {
            while (!stop.get()) {
                portal.addUserWithKey();
            }
        });
        for (int i = 0; i < 5; i++) {
            portal.archives().restore(file, Progress.UNTOLD);
        }
        stop.set(true);
        writer.get();

        assertThat(seen.get()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut",
                "flipped",
                "empty",
                "text",
                "no manifest",
                "no rows",
                "other rows",
                "more rows",
                "way out",
                "other content",
                "newer",
                "other format",
                "lost content"
            })
    void restore_ofWhatIsNoWholeBackup_isRefusedAndChangesNothing(String damage) throws IOException {
        FilledPortal portal = portal(Store.SQLITE);
        portal.addEveryKindOfRow();
        portal.archives().backup(file, Progress.UNTOLD);
        Map<String, List<String>> rows = portal.rows();
        Files.delete(portal.content());
        damage(damage);

        assertThatThrownBy(() -> portal.archives().restore(file, Progress.UNTOLD))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.param()).isEqualTo("file");
                    assertThat(refused.message()).contains("nothing was changed");
                });
        assertThat(portal.rows()).isEqualTo(rows);
        assertThat(portal.content()).doesNotExist();
        assertThat(Archives.drafts(portal.data()))
                .satisfiesAnyOf(
                        drafts -> assertThat(drafts).doesNotExist(),
                        drafts -> assertThat(drafts).isEmptyDirectory());
    }

    private void damage(String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String content = "content/" + FilledPortal.SHA256;
        switch (how) {
            case "cut" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case "flipped" -> {
                String name = "tables/users.jsonl";
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name) + name.length();
                bytes[at + 20] ^= 0x10;
                Files.write(file, bytes);
            }
            case "empty" -> Files.write(file, new byte[0]);
            case "text" -> Files.writeString(file, "no backup");
            case "no manifest" -> rewrite(Manifest.NAME, null, "");
            case "no rows" -> rewrite("tables/users.jsonl", null, "");
            case "other rows" -> rewrite("tables/users.jsonl", "Ann", "Bob");
            case "more rows" -> rewrite("tables/more.jsonl", "", "{}");
            case "way out" -> rewrite("../out", "", "out");
            case "other content" -> rewrite(content, "the", "any");
            case "newer" -> rewrite(Manifest.NAME, "\"schema\":", "\"schema\":9");
            case "other format" -> rewrite(Manifest.NAME, "\"format\":1", "\"format\":2");
            case "lost content" -> {
                rewrite(content, null, "");
                rewrite(Manifest.NAME, "\"contents\":1,\"content_bytes\":11", "\"contents\":0,\"content_bytes\":0");
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** @param old replaced in that entry; null leaves the entry out, and an empty text adds it when it is not there */
    private void rewrite(String name, @Nullable String old, String replacement) throws IOException {
        Path copy = folder.resolve("copy.zip");
        boolean there = false;
        try (ZipFile zip = new ZipFile(file.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : zip.stream().toList()) {
                boolean meant = entry.getName().equals(name);
                there |= meant;
                if (!meant || old != null) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    try (InputStream in = zip.getInputStream(entry)) {
                        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                        String now = meant && old != null ? text.replace(old, replacement) : text;
                        assertThat(meant && now.equals(text)).isFalse();
                        out.write(now.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            if (!there) {
                out.putNextEntry(new ZipEntry(name));
                out.write(replacement.getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void restore_ofRowsThatBelongToNobody_isRefusedAndChangesNothing(Store store) throws IOException {
        FilledPortal portal = portal(store);
        portal.addEveryKindOfRow();
        portal.archives().backup(file, Progress.UNTOLD);
        Map<String, List<String>> rows = portal.rows();
        Orphans.make(file);

        assertThatThrownBy(() -> portal.archives().restore(file, Progress.UNTOLD))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("nothing was changed");
        assertThat(portal.rows()).isEqualTo(rows);
    }

    @Test
    void backup_ofAFileWhoseContentIsJustGone_leavesItOut() throws IOException {
        FilledPortal portal = portal(Store.SQLITE);
        portal.addEveryKindOfRow();
        Files.delete(portal.content());

        portal.archives().backup(file, Progress.UNTOLD);

        assertThat(portal(Store.SQLITE).archives().restore(file, Progress.UNTOLD))
                .containsEntry("content", 0L)
                .containsEntry("contents", 0L);
    }
}
