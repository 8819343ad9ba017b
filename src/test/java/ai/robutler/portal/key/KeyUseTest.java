package ai.robutler.portal.key;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.user.User;
import ai.robutler.portal.user.UserRepository;
import ai.robutler.support.CapturedLog;
import ai.robutler.support.DatabaseOutage;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What keys are used for is counted in memory, stored in batches and kept while it cannot be. */
@ParameterizedClass
@EnumSource(Store.class)
@SuppressWarnings("try")
final class KeyUseTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final KeyRepository keys = new KeyRepository();
    private final KeyUseRepository uses = new KeyUseRepository();
    private final Store store;
    private DatabaseAddress address;
    private Database database;
    private String key;

    KeyUseTest(Store store) {
        this.store = store;
    }

    @BeforeEach
    void open(@TempDir Path data) {
        address = DatabaseAddress.of(store.settings().getOrDefault("database.url", ""), data);
        database = Database.open(address, 4, Duration.ofMillis(500));
        User user = User.create("ann", Optional.empty(), User.Role.USER, 0);
        String text = KeyText.next();
        ApiKey made = ApiKey.create("k", user.id(), text, 0);
        database.change(handle -> {
            new UserRepository().insert(handle, user);
            keys.insert(handle, made, text);
        });
        key = made.id();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private KeyUse counting(Duration interval) {
        return new KeyUse(database, uses, interval, Clock.systemUTC());
    }

    private long stored() {
        return database.read(handle -> uses.total(handle, key)).requests();
    }

    private ApiKey stand() {
        return database.read(handle -> keys.find(handle, key)).orElseThrow();
    }

    @Test
    void used_writesNothingByItself_andCloseWritesAll() {
        long before = System.currentTimeMillis();
        try (KeyUse use = counting(NEVER)) {
            IntStream.range(0, 1000).parallel().forEach(i -> use.used(key));

            assertThat(stored()).isZero();
            assertThat(stand().times().lastUsedAt()).isEmpty();
            assertThat(use.lastUsed(stand()).getAsLong()).isGreaterThanOrEqualTo(before);
        }
        assertThat(stored()).isEqualTo(1000);
        assertThat(stand().times().lastUsedAt().getAsLong()).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void used_isWrittenNowAndThen_eachRequestOnce() {
        try (KeyUse use = counting(Duration.ofMillis(20))) {
            for (int i = 0; i < 500; i++) {
                use.used(key);
            }
            RunningGateway.await("all are stored", () -> stored() == 500);
            use.used(key);
            RunningGateway.await("the last one too", () -> stored() == 501);
        }
        assertThat(stored()).isEqualTo(501);
    }

    @Test
    void databaseThatCannotBeWritten_losesNothing() throws Exception {
        try (CapturedLog log = new CapturedLog();
                KeyUse use = counting(Duration.ofMillis(20))) {
            try (DatabaseOutage outage = DatabaseOutage.begin(address)) {
                IntStream.range(0, 50).forEach(i -> use.used(key));
                RunningGateway.await(
                        "it was tried in vain",
                        () -> log.with("the use of API keys could not be stored")
                                        .size()
                                >= 2);
                IntStream.range(0, 50).forEach(i -> use.used(key));
            }
            RunningGateway.await("all are stored", () -> storedIfItAnswers() == 100);
        }
        assertThat(stored()).isEqualTo(100);
    }

    private long storedIfItAnswers() {
        try {
            return stored();
        } catch (ai.robutler.api.ApiException notYet) {
            return -1;
        }
    }
}
