package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import ai.robutler.support.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What all commands have in common. */
final class CommandLineInterfaceTest {
    private static final int CLOSED_PORT = 1;

    @TempDir
    private Path data;

    private TestHost host() {
        return new TestHost(CLOSED_PORT, data);
    }

    static List<String> commands() {
        List<String> names = new ArrayList<>();
        collect(new CommandLineInterface(new TestHost(CLOSED_PORT, Path.of(""))).commands(), "", names);
        return names;
    }

    private static void collect(CommandLine line, String name, List<String> names) {
        names.add(name);
        line.getSubcommands().forEach((part, command) -> collect(command, (name + " " + part).strip(), names));
    }

    @Test
    void commands_areThoseOfTheDocumentation() {
        assertThat(commands())
                .contains("run", "dev", "validate", "backup", "restore", "version", "generate-completion")
                .contains("agents list", "agents get", "agents create", "agents update", "agents delete")
                .contains("agents search", "agents rotate-key")
                .contains("keys list", "keys create", "keys get", "keys rotate", "keys revoke", "keys stats")
                .contains("users list", "users get", "users create", "users update")
                .contains("intents list", "intents publish", "intents search", "intents delete")
                .contains("content list", "content upload", "content download", "content get", "content delete");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_hasAnExample_andNoLineLongerThanTheTerminal(String command) {
        Result help = host().onTerminal(70)
                .with("NO_COLOR", "1")
                .run((command + " --help").strip().split(" "));

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        String examples = help.out().substring(help.out().indexOf("Examples:"));
        assertThat(examples).contains("robutler " + command.replace("generate-completion", ""));
        assertThat(help.out().substring(0, help.out().indexOf("Examples:")).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(70));
    }

    @Test
    void rootHelp_tellsEveryExitStatus() {
        assertThat(host().run("--help").out())
                .contains("Exit status:")
                .containsSubsequence("  0 ", "  1 ", "  2 ", "  3 ", "  4 ")
                .doesNotContain("generate-completion\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents                            | Missing required subcommand",
                "agents lst                        | did you mean list?",
                "agentss                           | did you mean agents or",
                "agents get                        | NAME-OR-ID",
                "agents list --limit ten           | --limit",
                "agents list --limit 0             | --limit takes a whole number from 1 on",
                "agents list --timeout soon        | 500ms, 30s, 5m or 2h",
                "agents list -o xml                | xml",
                "agents list --url localhost:8000  | http://localhost:8000",
                "agents list --url http://u:p@h    | --url takes an address",
                "agents create                     | name a field such as --description",
                "keys create                       | --name",
                "intents publish                   | no intent",
                "intents publish poems             | --agent",
                "run --port 70000                  | 65535",
            })
    void whatCannotBeUnderstood_is2_inOneLineThatNamesTheFix(String command, String told) {
        Result result = host().run(command.split(" "));

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("robutler: ").contains(told).hasLineCount(1);
    }

    @Test
    void mistypedOption_tellsNoKey() {
        Result result = host().run("agents", "list", "--apikey", "rok_abcd1234_secret", "--api-key", "rok_other");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("--api-key").doesNotContain("secret").doesNotContain("other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"agents list", "agents get a", "keys list", "users list", "intents list", "content list"})
    void noServer_is4_andSaysHowToStartOne(String command) {
        Result result = host().run(command.split(" "));

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(result.err())
                .contains("http://localhost:1", "robutler run", "--url")
                .hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void hostThatIsNotKnown_is4() {
        Result result = host().run("agents", "list", "--url", "http://host.invalid");

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(result.err()).contains("http://host.invalid").hasLineCount(1);
    }

    @Test
    void run_startsTheServerWithWhatWasTyped() {
        TestHost host = host();

        Result result = host.run("run", "--port", "0", "--config", "c", "--data", "d");

        assertThat(result.exitCode()).isZero();
        assertThat(host.served())
                .containsExactly(Map.of("camel.server.port", "0", "robutler.config", "c", "robutler.data", "d"));
    }

    @Test
    void dev_startsTheServerInTheProfileDev() {
        TestHost host = host();

        assertThat(host.run("dev", "--routes", "r", "--kamelets", "k").exitCode())
                .isZero();
        assertThat(host.served())
                .containsExactly(Map.of("robutler.profile", "dev", "robutler.routes", "r", "robutler.kamelets", "k"));
    }

    @Test
    void version_isTold() {
        assertThat(host().run("version").out()).startsWith("robutler  1.2.3");
        assertThat(Json.of(host().run("version", "-o", "json").out())
                        .path("robutler")
                        .asText())
                .isEqualTo("1.2.3");
    }

    @Test
    void completion_knowsTheCommandsAndIsAScript() {
        Result script = host().run("generate-completion");

        assertThat(script.exitCode()).isZero();
        assertThat(script.out()).startsWith("#!/").contains("rotate-key", "--api-key-file");
    }

    @Test
    void validate_tellsEachFindingWithItsPlace_andIs1() {
        TestHost host = host().finding(List.of(
                new Finding("config/limits.yaml", 3, "x is y; write z"),
                new Finding("the JVM's property a.b", 0, "bad")));

        Result text = host.run("validate");
        assertThat(text.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(text.lines())
                .containsExactly("config/limits.yaml:3: x is y; write z", "the JVM's property a.b: bad");
        assertThat(text.err()).isEqualTo("mistakes: 2\n");
        JsonNode json = Json.of(host.run("validate", "-o", "json").out());
        assertThat(json.at("/0/file").asText()).isEqualTo("config/limits.yaml");
        assertThat(json.at("/0/line").asInt()).isEqualTo(3);
        assertThat(json.at("/1/message").asText()).isEqualTo("bad");
        assertThat(host.run("validate", "-o", "csv").out())
                .startsWith("file,line,message\r\nconfig/limits.yaml,3,x is y; write z\r\n");
    }

    @Test
    void validate_withoutFindings_is0() {
        assertThat(host().run("validate")).isEqualTo(new Result(0, "", "all is well\n"));
        assertThat(host().run("validate", "-o", "json")).isEqualTo(new Result(0, "[]\n", ""));
    }
}
