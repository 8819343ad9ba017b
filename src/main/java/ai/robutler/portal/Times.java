package ai.robutler.portal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes times as the portal tells them: RFC 3339, UTC, milliseconds. */
public final class Times {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** The time of so many milliseconds since 1970; null stays null. */
    public static @Nullable String text(@Nullable Long millis) {
        return millis == null ? null : FORMAT.format(Instant.ofEpochMilli(millis));
    }
}
