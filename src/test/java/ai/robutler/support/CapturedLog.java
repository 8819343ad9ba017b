package ai.robutler.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Every line that is logged while this is open, with the messages of failures. */
public final class CapturedLog implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final Lines appender = new Lines(lines);

    /** Begins to listen. */
    public CapturedLog() {
        appender.start();
        context.getConfiguration().getRootLogger().addAppender(appender, Level.ALL, null);
        context.updateLoggers();
    }

    /** What was logged so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The lines that hold this text. */
    public List<String> with(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    @Override
    public void close() {
        context.getConfiguration().getRootLogger().removeAppender(appender.getName());
        context.updateLoggers();
        appender.stop();
    }

    private static final class Lines extends AbstractAppender {
        private final List<String> lines;

        Lines(List<String> lines) {
            super("captured-" + System.identityHashCode(lines), null, null, true, Property.EMPTY_ARRAY);
            this.lines = lines;
        }

        @Override
        public void append(LogEvent event) {
            String thrown = event.getThrown() == null ? "" : " " + event.getThrown();
            lines.add(event.getLoggerName() + " " + event.getMessage().getFormattedMessage() + thrown);
        }
    }
}
