package ai.robutler.portal.store;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes every hour what the database need not keep any longer; what fails is done an hour later. */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final ScheduledExecutorService hours = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "portal-upkeep");
        thread.setDaemon(true);
        return thread;
    });
    private final FirstAnswers answers;

    /** Upkeep of these answers, once it is started. */
    public Upkeep(FirstAnswers answers) {
        this.answers = answers;
    }

    /** Begins in an hour. */
    public void start() {
        var unused = hours.scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.HOURS);
    }

    private void run() {
        try {
            LOG.debug("deleted {} answers to repeated requests", answers.purge());
        } catch (RuntimeException failure) {
            LOG.warn("upkeep is left for the next hour: {}", failure.getMessage());
        }
    }

    @Override
    public void close() {
        hours.shutdownNow();
    }
}
