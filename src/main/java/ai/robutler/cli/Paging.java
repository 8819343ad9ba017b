package ai.robutler.cli;

import picocli.CommandLine.Option;

/** How much of a list is shown. */
final class Paging {
    /** The most that the portal gives at a time. */
    static final int LARGEST_PAGE = 200;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most that are shown, newest first. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Option(names = "--all", description = "Show all, page by page.")
    private boolean all;

    /** How many are wanted. */
    int limit() {
        if (limit < 1) {
            throw Failure.usage("--limit takes a whole number from 1 on");
        }
        return all ? Integer.MAX_VALUE : limit;
    }
}
