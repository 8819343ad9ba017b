package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How files are told of. */
final class ContentJsonTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "1023, 1023 B",
        "1024, 1 KB",
        "1536, 1.5 KB",
        "10240, 10 KB",
        "104857600, 100 MB",
        "1073741824, 1 GB",
        "9223372036854775807, 8388608 TB"
    })
    void aSize_isToldInTheLargestUnit(long bytes, String text) {
        assertThat(ContentJson.size(bytes)).isEqualTo(text);
    }

    @Test
    void aName_cannotEndItsHeader() {
        assertThat(ContentJson.disposition("a\"; b=\\c%41*'ä 😀.txt"))
                .isEqualTo("attachment; filename=\"a__ b=_c_41*'_ _.txt\";"
                        + " filename*=UTF-8''a%22%3B%20b%3D%5Cc%2541%2A%27%C3%A4%20%F0%9F%98%80.txt");
    }
}
