package ai.robutler.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code robutler}: what all commands have in common. */
@Command(
        name = "robutler",
        description = "Serves AI agents and keeps their accounts. Without a command, it starts the server.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:failed on this machine: a file, a mistake that validate found, or something unexpected",
            "2:the command cannot be understood; nothing was done",
            "3:the server refused (4xx): no valid key, not allowed, not found, not valid, too many requests",
            "4:the server cannot be reached, was silent for too long, or failed (5xx)"
        },
        footer = {
            "robutler                        # the server, on http://localhost:8000",
            "robutler validate               # are all files as they must be?",
            "robutler agents list -o json",
            "robutler keys create --name ci",
            "source <(robutler generate-completion)"
        })
final class RobutlerCommand {
    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();
}
