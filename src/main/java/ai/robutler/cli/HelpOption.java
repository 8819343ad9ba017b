package ai.robutler.cli;

import picocli.CommandLine.Option;

/** Shows how a command is used. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
