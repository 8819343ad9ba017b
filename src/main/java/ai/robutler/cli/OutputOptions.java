package ai.robutler.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How answers are shown. */
final class OutputOptions {
    /** The forms of an answer; in lower case as they are typed. */
    enum Form {
        table,
        json,
        csv
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "How the answer is written: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Form form = Form.table;

    @Option(names = "--no-color", description = "No colours; so does NO_COLOR in the environment.")
    boolean noColor;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();
}
