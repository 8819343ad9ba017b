package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of answers to repeated requests, and for how long. */
final class FirstAnswersPurgeTest {
    @ParameterizedTest
    @EnumSource(Store.class)
    void purge_deletesWhatIsOlderThanADay(Store store, @TempDir Path folder) {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        DatabaseAddress address = DatabaseAddress.of(store.settings().getOrDefault("database.url", ""), folder);
        try (Database database = Database.open(address, 2, Duration.ofSeconds(5))) {
            database.change(handle -> {
                for (int i = 0; i < 1_001; i++) {
                    long age = i == 0 ? 0 : Duration.ofHours(24).toMillis() + i;
                    handle.execute(
                            "INSERT INTO idempotency VALUES (?, 'k', 'd', ?, ?)",
                            "caller" + i,
                            new byte[0],
                            now.toEpochMilli() - age);
                }
            });

            assertThat(new FirstAnswers(database, Clock.fixed(now, ZoneOffset.UTC)).purge())
                    .isEqualTo(1_000);
            assertThat(database.<String>read(handle -> handle.createQuery("SELECT caller FROM idempotency")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("caller0");
        }
    }
}
