package ai.robutler.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells every failure in one line on standard error, without keys, and gives it its exit status. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final Host host;

    Failures(Host host) {
        this.host = host;
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] arguments) {
        String command = mistake.getCommandLine().getCommandSpec().qualifiedName();
        StringBuilder message =
                new StringBuilder(String.valueOf(mistake.getMessage()).replaceFirst("[.]$", ""));
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            List<String> likely = unmatched.getSuggestions();
            if (!likely.isEmpty()) {
                message.append("; did you mean ")
                        .append(String.join(" or ", likely.subList(0, Math.min(2, likely.size()))))
                        .append('?');
            }
        }
        return tell(message + "; see '" + command + " --help'", ExitCode.USAGE);
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof Failure known) {
            return tell(String.valueOf(known.getMessage()), known.exitCode());
        }
        String message = failure.getMessage();
        if (failure instanceof IllegalArgumentException && message != null) {
            return tell(message, ExitCode.FAILED);
        }
        String kind = failure instanceof IOException
                ? "a file cannot be read or written"
                : "unexpected " + failure.getClass().getSimpleName();
        return tell(kind + (message == null ? "" : ": " + message), ExitCode.FAILED);
    }

    private int tell(String message, int exitCode) {
        host.terminal().flush();
        host.terminal().err().println("robutler: " + Texts.oneLine(Texts.withoutSecrets(message)));
        return exitCode;
    }
}
