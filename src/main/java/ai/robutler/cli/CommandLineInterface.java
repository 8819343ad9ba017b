package ai.robutler.cli;

import java.util.Arrays;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command line as a whole: finds the command, runs it, and turns every failure into one line and an exit status. */
public final class CommandLineInterface {
    private static final int NARROWEST = 55;
    private static final int WIDEST_HELP = 120;

    private final Host host;

    /** @param host what it runs in */
    public CommandLineInterface(Host host) {
        this.host = host;
    }

    /** Runs one command. @return one of {@link ExitCode} */
    public int run(String... arguments) {
        CommandLine line = commands();
        boolean colours = Colours.wanted(host, Arrays.asList(arguments).contains("--no-color"));
        line.setColorScheme(Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(
                Math.min(WIDEST_HELP, Math.max(NARROWEST, host.terminal().columns())));
        try {
            return line.execute(arguments);
        } finally {
            host.terminal().flush();
        }
    }

    /** All commands, ready to run. */
    CommandLine commands() {
        CommandLine line = new CommandLine(new RobutlerCommand());
        line.addSubcommand(new RunCommand(host));
        line.addSubcommand(new DevCommand(host));
        line.addSubcommand(new ValidateCommand(host));
        line.addSubcommand(new AgentsCommand(host));
        line.addSubcommand(new KeysCommand(host));
        line.addSubcommand(new UsersCommand(host));
        line.addSubcommand(new IntentsCommand(host));
        line.addSubcommand(new ContentCommand(host));
        line.addSubcommand(new BackupCommand(host));
        line.addSubcommand(new RestoreCommand(host));
        line.addSubcommand(new VersionCommand(host));
        CommandLine completion = new CommandLine(new GenerateCompletion());
        completion.getCommandSpec().usageMessage().hidden(true).footer("source <(robutler generate-completion)");
        line.addSubcommand(completion);
        describe(line);
        Failures failures = new Failures(host);
        line.setOut(host.terminal().out());
        line.setErr(host.terminal().err());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(failures);
        line.setExecutionExceptionHandler(failures);
        return line;
    }

    private void describe(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.abbreviateSynopsis(true);
        usage.sortOptions(false);
        usage.synopsisHeading("Usage: ");
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.footerHeading("%nExamples:%n");
        usage.footer(Arrays.stream(usage.footer())
                .map(example -> "  " + example.strip())
                .toArray(String[]::new));
        line.getSubcommands().values().forEach(this::describe);
    }
}
