package ai.robutler.cli;

import picocli.CommandLine.Option;

/** Shows how a command is used. */
final class HelpOption {
    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
