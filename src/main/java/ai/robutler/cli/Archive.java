package ai.robutler.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;

/** Whole copies of the portal's database and content, in one portable file. */
public interface Archive {
    /**
     * Writes everything into a file that does not exist yet.
     *
     * @param progress is told how much is done, and how much there is, in any unit; 0 where that is not known
     * @return what was written, as names and numbers to show
     * @throws Failure or IllegalArgumentException with the fix when it cannot be done
     */
    Map<String, Long> backup(Path file, BiConsumer<Long, Long> progress) throws IOException;

    /** Whether there is data that {@link #restore} would replace. */
    boolean hasData() throws IOException;

    /** Whether a running server has the data; then only that server can replace it. */
    default boolean isServed() throws IOException {
        return false;
    }

    /** Puts what the file holds in place of all data; the parameters, result and errors are as for {@link #backup}. */
    Map<String, Long> restore(Path file, BiConsumer<Long, Long> progress) throws IOException;
}
