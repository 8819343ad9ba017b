package ai.robutler.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlFileTest {
    @TempDir
    private Path folder;

    private YamlFile read(String text) throws IOException {
        return YamlFile.read(Files.writeString(folder.resolve("a.yaml"), text));
    }

    @Test
    void fileThatIsNotThere_hasNoFields() throws IOException {
        assertThat(YamlFile.read(folder.resolve("none.yaml")).root()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "---\n", "null\n"})
    void emptyFile_hasNoFields(String text) throws IOException {
        assertThat(read(text).root()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: [1             | a.yaml:
            a: 1\\na: 2       | a.yaml:2: Duplicate field 'a'
            - a               | a.yaml:1: the file must be a map of fields
            only text         | a.yaml:1: the file must be a map of fields
            """)
    void otherText_isAnErrorWithFileAndLine(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(text.replace("\\n", "\n")))
                .withMessageContaining(message);
    }

    @Test
    void wrongField_isToldWithItsLine() throws IOException {
        YamlFile file = read("a: 1\nlist:\n  - b: 2\n    size: big\n");

        assertThat(file.wrong("list[0].size", "must be small"))
                .hasMessageEndingWith("a.yaml:4: list[0].size must be small");
        assertThat(file.wrong("list[0]", "must go")).hasMessageEndingWith("a.yaml:2: list[0] must go");
        assertThat(file.wrong("absent", "is missing")).hasMessageEndingWith("a.yaml:1: absent is missing");
    }

    @Test
    void unknownField_isNamedWithTheKnown() throws IOException {
        YamlFile file = read("name: a\nnmae: b\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.onlyFields(file.root(), "", Set.of("name", "model")))
                .withMessageEndingWith("a.yaml:2: nmae is not known; known are model, name");
    }

    @Test
    void texts_areStripped_andBlankOnesAreAbsent() throws IOException {
        YamlFile file = read("a: ' x '\nb: ''\nc: 5\nd:\ne: [x, 1]\nf: true\n");

        assertThat(file.text(file.root(), "", "a")).contains("x");
        assertThat(file.text(file.root(), "", "b")).isEmpty();
        assertThat(file.text(file.root(), "", "c")).contains("5");
        assertThat(file.text(file.root(), "", "d")).isEmpty();
        assertThat(file.texts(file.root(), "", "e")).containsExactly("x", "1");
        assertThat(file.texts(file.root(), "", "absent")).isEmpty();
        assertThat(file.flag(file.root(), "", "f", false)).isTrue();
        assertThat(file.flag(file.root(), "", "absent", true)).isTrue();
    }

    @Test
    void valueOfAnotherKind_isAnErrorWithTheField() throws IOException {
        YamlFile file = read("a: [x]\nb: x\nc: [{d: e}]\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.text(file.root(), "", "a"))
                .withMessageEndingWith(":1: a must be a text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.texts(file.root(), "", "b"))
                .withMessageEndingWith(":2: b must be a list of texts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.texts(file.root(), "x", "c"))
                .withMessageEndingWith(":3: x.c must be a list of texts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.flag(file.root(), "", "b", false))
                .withMessageEndingWith(":2: b must be true or false");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.requiredText(file.root(), "", "absent"))
                .withMessageEndingWith("absent is missing; give it a text");
    }
}
