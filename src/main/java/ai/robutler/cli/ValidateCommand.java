package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code robutler validate}: finds mistakes before a start does. */
@Command(
        name = "validate",
        description = {
            "Checks settings, agents, models, keys, limits, routes and kamelets without starting anything.",
            "Each mistake is told as FILE:LINE: what is wrong; the exit status is 1 when there is one."
        },
        footer = {"robutler validate", "robutler validate --config staging/config -o json"})
final class ValidateCommand implements Callable<Integer> {
    private static final List<Column> COLUMNS =
            List.of(Column.of("FILE", "file"), Column.of("LINE", "line"), Column.text("MESSAGE", "message"));

    private final Host host;

    @Mixin
    private FolderOptions folders = new FolderOptions();

    @Mixin
    private OutputOptions options = new OutputOptions();

    ValidateCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = host.configurationCheck().findings(folders.settings());
        Output output = new Output(host, options);
        if (options.form == OutputOptions.Form.table) {
            findings.forEach(finding -> host.terminal().out().println(Texts.oneLine(finding.toString())));
            output.note(findings.isEmpty() ? "all is well" : "mistakes: " + findings.size());
        } else {
            output.list(COLUMNS, findings.stream().map(ValidateCommand::json).toList());
        }
        return findings.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static JsonNode json(Finding finding) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", finding.file())
                .put("line", finding.line())
                .put("message", finding.message());
    }
}
