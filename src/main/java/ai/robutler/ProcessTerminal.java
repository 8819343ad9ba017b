package ai.robutler;

import ai.robutler.cli.Terminal;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The terminal, or what stands in its place, that the process was started with. */
final class ProcessTerminal {
    private static final int USUAL_COLUMNS = 80;
    private static final int MOST_COLUMNS = 1_000;

    private ProcessTerminal() {}

    /** Its streams and width. */
    static Terminal open(Map<String, String> environment) {
        boolean interactive = isTerminal(System.console());
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                new FileOutputStream(FileDescriptor.err),
                interactive,
                interactive ? columns(environment) : USUAL_COLUMNS);
    }

    /** From JDK 22 on there is a console without a terminal, too, which says so. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return false;
        }
    }

    private static int columns(Map<String, String> environment) {
        String told = environment.getOrDefault("COLUMNS", "");
        String text = told.matches("\\d{1,4}") ? told : askStty();
        int columns = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        return columns < 1 ? USUAL_COLUMNS : Math.min(MOST_COLUMNS, columns);
    }

    /** The width that stty tells; empty where there is none. */
    private static String askStty() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            stty.waitFor(1, TimeUnit.SECONDS);
            return size.replaceFirst(".* ", "");
        } catch (IOException noStty) {
            return "";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
