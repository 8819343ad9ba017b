package ai.robutler.portal.key;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.user.User;
import ai.robutler.portal.user.UserRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time tells next to nothing of a key: a wrong secret takes about as long as a key that nobody has. */
final class KeyTimingTest {
    private static final int ROUNDS = 4_000;
    private static final int WARM_UP = 2_000;
    private static final double FACTOR = 2;

    private final KeyRepository keys = new KeyRepository();

    @Test
    void wrongSecret_takesAboutAsLongAsAnUnknownKey(@TempDir Path data) {
        try (Database database = Database.open(DatabaseAddress.of("", data), 2, Duration.ofSeconds(5))) {
            String right = KeyText.next();
            User user = User.create("ann", Optional.empty(), User.Role.USER, 0);
            database.change(handle -> {
                new UserRepository().insert(handle, user);
                keys.insert(handle, ApiKey.create("k", user.id(), right, 0), right);
            });
            long[] wrong = new long[ROUNDS];
            long[] unknown = new long[ROUNDS];
            database.change(handle -> {
                // One after the other, so that whatever else the machine does meets both alike.
                for (int i = -WARM_UP; i < ROUNDS; i++) {
                    String known = right.substring(0, 13) + KeyText.next().substring(13, 56);
                    String guess = known + KeyText.check(known);
                    String other = KeyText.next();
                    long begun = System.nanoTime();
                    assertThat(keys.authenticate(handle, guess, 1)).isEmpty();
                    long between = System.nanoTime();
                    assertThat(keys.authenticate(handle, other, 1)).isEmpty();
                    long ended = System.nanoTime();
                    if (i >= 0) {
                        wrong[i] = between - begun;
                        unknown[i] = ended - between;
                    }
                }
            });
            double ratio = median(wrong) / median(unknown);
            assertThat(ratio).isBetween(1 / FACTOR, FACTOR);
        }
    }

    private static double median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
