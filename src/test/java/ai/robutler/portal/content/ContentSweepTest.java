package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.user.User;
import ai.robutler.portal.user.UserRepository;
import ai.robutler.support.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the start does with contents that no file has. */
final class ContentSweepTest {
    private static final String USED = "ab".repeat(32);
    private static final String UNUSED = "ab".repeat(31) + "cd";
    private static final String ALONE = "ff".repeat(32);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Store.class)
    void aContentThatNoFileHas_isDeleted(Store store) throws IOException {
        try (Database database = open(store)) {
            put(USED);
            put(UNUSED);
            put(ALONE);
            keep(database, USED);

            new ContentStore(database, new ContentRepository(), blobs()).sweep();

            assertThat(blobs().path(USED)).exists();
            assertThat(blobs().path(UNUSED)).doesNotExist();
            assertThat(blobs().path(ALONE)).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void withADatabaseWithoutFiles_allContentsStay(Store store) throws IOException {
        try (Database database = open(store)) {
            put(USED);

            new ContentStore(database, new ContentRepository(), blobs()).sweep();

            assertThat(blobs().path(USED)).exists();
        }
    }

    private Database open(Store store) {
        String url = store.settings().getOrDefault("database.url", "");
        return Database.open(DatabaseAddress.of(url, folder), 2, Duration.ofSeconds(5));
    }

    private Blobs blobs() {
        return new Blobs(folder.resolve("content"));
    }

    private void put(String sha256) throws IOException {
        Path upload = Files.write(folder.resolve("upload"), new byte[] {1});
        blobs().secure(upload);
        blobs().put(upload, sha256, 1);
    }

    private static void keep(Database database, String sha256) {
        User owner = User.create("Ann", Optional.empty(), User.Role.USER, 1);
        database.change(handle -> {
            new UserRepository().insert(handle, owner);
            new ContentRepository()
                    .insert(
                            handle,
                            new ContentFile(
                                    "id",
                                    owner.id(),
                                    "a.txt",
                                    "a.txt",
                                    1,
                                    sha256,
                                    new ContentFile.About(false, List.of(), Optional.empty()),
                                    "text/plain",
                                    1));
        });
    }
}
