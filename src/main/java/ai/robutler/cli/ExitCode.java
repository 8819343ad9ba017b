package ai.robutler.cli;

/** What a command tells its caller by its exit status. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** It failed on this machine: a file, a finding of {@code validate}, or what nobody expected. */
    public static final int FAILED = 1;

    /** The command cannot be understood; nothing was done. */
    public static final int USAGE = 2;

    /** The server refused: no or a wrong key, not allowed, not found, not valid, too much. */
    public static final int REFUSED = 3;

    /** The server cannot be reached, did not answer in time, or failed. */
    public static final int UNAVAILABLE = 4;

    private ExitCode() {}
}
