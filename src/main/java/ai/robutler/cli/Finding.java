package ai.robutler.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One mistake in what a server would be started with.
 *
 * @param file where it is; the environment's or JVM's variable where it is in no file
 * @param line from 1 on; 0 where it is in no file
 * @param message what is wrong and what to write
 */
public record Finding(String file, int line, String message) {
    private static final Pattern PLACED = Pattern.compile("(?s)(.+?)(?::| line )(\\d{1,9}): (.*)");

    /** The finding that a text of the form {@code file:line: message} tells; in {@code file} when it names no place. */
    public static Finding of(String file, String text) {
        Matcher placed = PLACED.matcher(text);
        if (!placed.matches()) {
            return new Finding(file, 1, text);
        }
        return new Finding(placed.group(1), Integer.parseInt(placed.group(2)), placed.group(3));
    }

    /** {@code file:line: message}. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
    }
}
