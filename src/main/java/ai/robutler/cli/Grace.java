package ai.robutler.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Reads a span of time that may be zero. */
final class Grace implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return text.strip().equals("0") ? Duration.ZERO : new Durations().convert(text);
    }
}
