package ai.robutler.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where a command is typed and answered: its three streams, and whether a person looks at them. */
public final class Terminal {
    private final InputStream in;
    private final OutputStream bytes;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean interactive;
    private final int columns;

    /**
     * @param in what is typed, or piped in
     * @param out for answers, in UTF-8
     * @param err for errors and notes, in UTF-8
     * @param interactive whether a person reads and types; else there is no bar, no colour, no question and no cut line
     * @param columns how wide a line may be for a person
     */
    public Terminal(InputStream in, OutputStream out, OutputStream err, boolean interactive, int columns) {
        this.in = in;
        this.bytes = out;
        this.out = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), false);
        this.err = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
        this.interactive = interactive;
        this.columns = columns;
    }

    /** What is typed. */
    InputStream in() {
        return in;
    }

    /** For answers that are texts. */
    PrintWriter out() {
        return out;
    }

    /** For answers that are not; what was printed comes before. */
    OutputStream bytes() {
        out.flush();
        return bytes;
    }

    /** For errors and notes. */
    PrintWriter err() {
        return err;
    }

    /** Whether a person reads and types. */
    boolean interactive() {
        return interactive;
    }

    /** The longest line for a person. */
    int columns() {
        return columns;
    }

    /** Passes on what is still held back. */
    void flush() {
        out.flush();
        err.flush();
    }
}
