package ai.robutler.cli;

/** How much of something long is done, in one line of a terminal; nothing where nobody looks. */
final class ProgressBar implements AutoCloseable {
    private static final long INTERVAL_NANOS = 100_000_000;
    private static final int WIDTH = 30;

    private final Terminal terminal;
    private final String what;
    private long last;
    private boolean shown;

    /** @param what is done, in a word */
    ProgressBar(Terminal terminal, String what) {
        this.terminal = terminal;
        this.what = Texts.oneLine(what);
        this.last = System.nanoTime() - INTERVAL_NANOS;
    }

    /**
     * Shows it, at most every tenth of a second.
     *
     * @param total 0 when it is not known
     */
    synchronized void at(long done, long total) {
        long now = System.nanoTime();
        if (!terminal.interactive() || now - last < INTERVAL_NANOS) {
            return;
        }
        last = now;
        shown = true;
        terminal.out().print("\r" + Texts.cut(line(done, total), terminal.columns() - 1) + "\u001b[K");
        terminal.out().flush();
    }

    private String line(long done, long total) {
        if (total <= 0) {
            return what + " " + size(done);
        }
        long share = Math.min(100, done * 100 / total);
        int full = (int) (share * WIDTH / 100);
        return what + " [" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + share + "% of " + size(total);
    }

    /** A number of bytes, or of anything, for a person. */
    private static String size(long amount) {
        if (amount < 10_000) {
            return Long.toString(amount);
        }
        return amount < 10_000_000 ? amount / 1_000 + " k" : amount / 1_000_000 + " M";
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        if (shown) {
            terminal.out().print("\r\u001b[K");
            terminal.out().flush();
        }
    }
}
