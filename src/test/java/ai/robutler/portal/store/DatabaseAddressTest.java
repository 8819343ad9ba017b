package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the database is, as operators write it. */
final class DatabaseAddressTest {
    private static final Path DATA = Path.of("data");

    @ParameterizedTest
    @CsvSource({
        "postgresql://ann:secret@db:5432/portal, jdbc:postgresql://db:5432/portal?user=ann&password=secret",
        "jdbc:postgresql://ann:secret@my_db/portal, jdbc:postgresql://my_db/portal?user=ann&password=secret",
        "postgres://ann:p%40ss%2Bw+rd@db/portal, jdbc:postgresql://db/portal?user=ann&password=p%40ss%2Bw%2Brd",
        "postgres://ann:p@ss#1?@db/portal, jdbc:postgresql://db/portal?user=ann&password=p%40ss%231%3F",
        "postgresql://db/portal?sslmode=require, jdbc:postgresql://db/portal?sslmode=require",
        "'postgresql://a:1,b:2/portal', 'jdbc:postgresql://a:1,b:2/portal'",
        "postgresql://[::1]:5433/portal, jdbc:postgresql://[::1]:5433/portal",
        "jdbc:sqlite:/var/x.db?max_page_count=9, jdbc:sqlite:/var/x.db?max_page_count=9",
    })
    void address_isWhatTheDriverTakes(String setting, String url) {
        DatabaseAddress address = DatabaseAddress.of(setting, DATA);

        assertThat(address.jdbcUrl()).isEqualTo(url);
        assertThat(address.toString()).doesNotContain("secret", "ss", "?");
    }

    @Test
    void nothing_isAFileInTheDataFolder() {
        assertThat(DatabaseAddress.of(" ", DATA).file()).isEqualTo(DATA.resolve("portal.db"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ann:secret@db/portal",
                "jdbc:sqlite::memory:",
                "jdbc:sqlite:",
                "portal.db",
                "postgresql://ann:secret@/",
                "postgresql:ann:secret"
            })
    void whatIsNoAddress_isRefusedWithoutItsPassword(String setting) {
        assertThatThrownBy(() -> DatabaseAddress.of(setting, DATA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DATABASE_URL")
                .hasMessageNotContaining("secret");
    }
}
