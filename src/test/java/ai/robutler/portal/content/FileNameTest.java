package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that callers send, and what is left of them. */
final class FileNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "report.pdf>report.pdf",
                "naïve résumé.txt>naïve résumé.txt",
                "日本語.md>日本語.md",
                "../../etc/passwd>passwd",
                "..\\..\\boot.ini>boot.ini",
                "C:\\Users\\ann\\a.txt>a.txt",
                "/absolute/path.txt>path.txt",
                "..>file",
                ".>file",
                "../>file",
                ">file",
                "   >file",
                ".htaccess>htaccess",
                "a.>a",
                "%2e%2e%2fpasswd>___passwd",
                "%252e%252e>_2e_2e",
                "%00.txt>_.txt",
                "a:b*c?.txt>a_b_c_.txt",
                "<script>.html>_script_.html",
                "CON>_CON",
                "nul.txt>_nul.txt",
                "a  b.txt>a b.txt",
            })
    void aName_isCleaned(String both) {
        int at = both.lastIndexOf('>');
        assertThat(FileName.clean(both.substring(0, at))).isEqualTo(both.substring(at + 1));
    }

    @Test
    void whatCannotBeSeen_isLeftOut() {
        assertThat(FileName.clean("a\u0000b\r\nc\td.txt")).isEqualTo("abcd.txt");
        assertThat(FileName.clean("invoice\u202Efdp.exe")).isEqualTo("invoicefdp.exe");
        assertThat(FileName.clean("\uFEFFa\u200B\u2066b\u2028.txt")).isEqualTo("ab.txt");
        assertThat(FileName.clean("half\uD800.txt")).isEqualTo("half.txt");
    }

    @Test
    void aLongName_isCutBetweenCharacters_andKeepsItsExtension() {
        for (String letter : new String[] {"x", "ä", "日", "😀"}) {
            String name = FileName.clean(letter.repeat(300) + ".tar.gz");
            assertThat(name).startsWith(letter).endsWith(".gz").doesNotContain("\uFFFD");
            assertThat(name.getBytes(StandardCharsets.UTF_8).length)
                    .isLessThanOrEqualTo(FileName.MOST_BYTES)
                    .isGreaterThan(FileName.MOST_BYTES - 4);
            assertThat(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(name);
        }
        assertThat(FileName.clean("a." + "x".repeat(300))).hasSize(FileName.MOST_BYTES);
    }

    @Test
    void aCleanName_staysAsItIs() {
        for (String name : new String[] {"../a.txt", "%2e%2e%2f", "x".repeat(300), "CON", "a:b", "..."}) {
            assertThat(FileName.clean(FileName.clean(name))).isEqualTo(FileName.clean(name));
        }
    }

    @Test
    void aNumber_comesBeforeTheExtension() {
        assertThat(FileName.numbered("a.b.txt", "2")).isEqualTo("a.b (2).txt");
        assertThat(FileName.numbered("README", "3")).isEqualTo("README (3)");
    }
}
