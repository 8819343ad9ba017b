package ai.robutler.cli;

/** Why a command ends early, in one line that names the fix, and with which exit status. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /**
     * @param exitCode one of {@link ExitCode}
     * @param message what went wrong; what to do
     */
    public Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** A mistake in what was typed. */
    static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message);
    }

    /** Something on this machine that did not work. */
    static Failure here(String message) {
        return new Failure(ExitCode.FAILED, message);
    }

    /** The exit status. */
    public int exitCode() {
        return exitCode;
    }
}
