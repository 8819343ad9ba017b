package ai.robutler.portal.user;

import ai.robutler.portal.key.ApiKey;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.KeyText;
import ai.robutler.portal.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;

/** Makes the admin and his API key in an empty portal. */
public final class FirstStart {
    private static final String ADMIN = "admin@localhost";

    private final Database database;
    private final UserRepository users;
    private final KeyRepository keys;
    private final Clock clock;

    /** The first start of this database. */
    public FirstStart(Database database, UserRepository users, KeyRepository keys, Clock clock) {
        this.database = database;
        this.users = users;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Makes the admin unless there is any user.
     *
     * @param configured the key that he shall have, see {@link KeyText}; empty has one made
     * @param file where a key that is made here is written to, for its owner only
     * @return the key that was made, to be shown once; empty when none was
     * @throws IllegalArgumentException when the configured key is too short
     */
    public Optional<String> makeAdmin(Optional<String> configured, Path file) {
        String key = configured.orElseGet(KeyText::next);
        if (KeyText.lookup(key).isEmpty()) {
            throw new IllegalArgumentException(
                    "setting 'portal.api-key' (ROBUTLER_API_KEY) cannot be the admin's key: it has" + " fewer than "
                            + KeyText.LEAST + " characters, or is a key of ours with a mistake in it");
        }
        try {
            boolean made = database.write(handle -> {
                if (!users.isEmpty(handle)) {
                    return false;
                }
                User admin = User.create("admin", Optional.of(ADMIN), User.Role.ADMIN, clock.millis());
                users.insert(handle, admin);
                keys.insert(handle, ApiKey.create("admin", admin.id(), key, clock.millis()), key);
                return true;
            });
            if (!made || configured.isPresent()) {
                return Optional.empty();
            }
            write(file, key);
            return Optional.of(key);
        } catch (RuntimeException failure) {
            if (Database.isDuplicate(failure)) {
                return Optional.empty(); // another process on the same database was first
            }
            throw failure;
        }
    }

    private static void write(Path file, String key) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, rights);
            Files.write(file, (key + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new IllegalStateException("cannot write the admin's key to " + file + ": " + failure.getMessage());
        }
    }
}
