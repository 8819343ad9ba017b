package ai.robutler.portal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The numbered files that make the tables. */
final class SchemaTest {
    @Test
    void version_isThatOfTheNewestFile() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(files.map(file -> Integer.parseInt(
                                    file.getFileName().toString().substring(1, 4)))
                            .max(Integer::compare))
                    .hasValue(Schema.VERSION);
        }
    }
}
