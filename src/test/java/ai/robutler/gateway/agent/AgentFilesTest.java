package ai.robutler.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentFilesTest {
    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void folderThatIsNotThere_holdsNone() {
        AgentFiles files = new AgentFiles(folder.resolve("none"));

        assertThat(files.agents()).isEmpty();
        assertThat(files.refused()).isEmpty();
    }

    @Test
    void agent_isCalledAsItsFile_unlessItSaysOtherwise() throws IOException {
        write("one.yaml", "instructions: a\n");
        write("two.yml", "name: Deux\ninstructions: b\n");
        write("notes.txt", "not an agent");

        assertThat(new AgentFiles(folder).agents()).containsOnlyKeys("one", "deux");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            description: a                       | a.yaml:1: instructions is missing; give it a text
            instructions: a\\nname: health       | a.yaml:2: name is 'health'; it must be 1-64 characters
            instructions: a\\nname: "a b"        | a.yaml:2: name is 'a b'; it must be
            instructions: a\\nskills: [fly]      | a.yaml:2: skills has 'fly', which is not known; known are [auth]
            instructions: a\\nmodle: b           | a.yaml:2: modle is not known; known are
            instructions: a\\npublic: perhaps    | a.yaml:2: public must be true or false
            instructions: [a                     | a.yaml:
            """)
    void mistake_isRefusedWithFileLineAndReason(String text, String reason) throws IOException {
        write("a.yaml", text.replace("\\n", "\n"));

        AgentFiles files = new AgentFiles(folder);

        assertThat(files.agents()).isEmpty();
        assertThat(files.refused()).containsOnlyKeys("a.yaml");
        assertThat(files.refused().get("a.yaml")).contains(reason);
    }

    @Test
    void nameThatIsTaken_isRefused_andTheFirstFileKeepsIt() throws IOException {
        write("a.yaml", "name: same\ninstructions: first\n");
        write("b.yaml", "name: same\ninstructions: second\n");

        AgentFiles files = new AgentFiles(folder);

        assertThat(files.agents().get("same").instructions()).isEqualTo("first");
        assertThat(files.refused().get("b.yaml")).contains("'same' is taken by another file");
    }

    @Test
    void mistakeInAFileInForce_keepsItsAgent_untilItIsMendedOrDeleted() throws IOException {
        write("a.yaml", "instructions: first\n");
        AgentFiles files = new AgentFiles(folder);

        write("a.yaml", "instructions: [\n");
        files.reload();
        assertThat(files.agents().get("a").instructions()).isEqualTo("first");
        files.reload();
        assertThat(files.agents()).containsOnlyKeys("a");
        assertThat(files.refused()).containsOnlyKeys("a.yaml");

        write("a.yaml", "instructions: second\n");
        files.reload();
        assertThat(files.agents().get("a").instructions()).isEqualTo("second");
        assertThat(files.refused()).isEmpty();

        Files.delete(folder.resolve("a.yaml"));
        files.reload();
        assertThat(files.agents()).isEmpty();
    }

    @Test
    void secrets_areNotInTheShortDescription_ofAnAgentThatIsNotPublic() throws IOException {
        write("a.yaml", "instructions: secret\n");
        write("b.yaml", "instructions: told\npublic: true\n");

        AgentFiles files = new AgentFiles(folder);

        assertThat(files.agents().get("a").shortDescription()).isEmpty();
        assertThat(files.agents().get("b").shortDescription()).isEqualTo("told");
    }
}
