package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file is stored and served as. */
final class ContentTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain           | plain words      | text/plain",
                "                     | plain words      | text/plain",
                "Text/CSV; charset=x  | a,b              | text/csv",
                "application/json     | {}               | application/json",
                "image/png            | plain words      | text/plain",
                "text/plain           | <html><script>   | text/html",
                "image/png            | <!DOCTYPE html>  | text/html",
                "image/svg+xml        | <svg onload=x>   | image/svg+xml",
                "text/plain           | %PDF-1.7         | application/pdf",
                "no type at all       | plain words      | text/plain",
            })
    void aTextsType_isWhatItShows(String declared, String content, String type) {
        assertThat(ContentType.of(Optional.ofNullable(declared), content.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(type);
    }

    @Test
    void bytes_areWhatTheirSignatureSays() {
        assertThat(of("text/html", 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')).isEqualTo("image/png");
        assertThat(of("image/png", 0xff, 0xd8, 0xff, 0xe0)).isEqualTo("image/jpeg");
        assertThat(of("image/png", 0, 1, 2)).isEqualTo("application/octet-stream");
        assertThat(of("text/plain", 0, 1, 2)).isEqualTo("application/octet-stream");
        assertThat(of("application/vnd.openxmlformats-officedocument.wordprocessingml.document", 'P', 'K', 3, 4))
                .isEqualTo("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        assertThat(of("image/png", 'P', 'K', 3, 4)).isEqualTo("application/zip");
        assertThat(of("model/x", 0, 1, 2)).isEqualTo("model/x");
    }

    @Test
    void aTextThatIsCutWithinACharacter_isText() {
        byte[] bytes = "ä".repeat(600).getBytes(StandardCharsets.UTF_8);
        assertThat(ContentType.of(Optional.empty(), Arrays.copyOf(bytes, 1023))).isEqualTo("text/plain");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, application/octet-stream",
        "image/svg+xml, application/octet-stream",
        "application/xhtml+xml, application/octet-stream",
        "text/xml, application/octet-stream",
        "text/javascript, application/octet-stream",
        "application/x-javascript, application/octet-stream",
        "text/plain, text/plain; charset=utf-8",
        "image/png, image/png",
    })
    void whatABrowserWouldRun_isServedAsBytes(String stored, String served) {
        assertThat(ContentType.served(stored)).isEqualTo(served);
    }

    private static String of(String declared, int... bytes) {
        byte[] start = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            start[i] = (byte) bytes[i];
        }
        return ContentType.of(Optional.of(declared), start);
    }
}
