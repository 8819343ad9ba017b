package ai.robutler.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a caller has of a file already, as its request headers tell (RFC 9110, section 13). */
final class FileConditions {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final MultiMap headers;
    private final String etag;
    private final Instant modified;

    FileConditions(MultiMap headers, FileAnswer file) {
        this.headers = headers;
        this.etag = quoted(file.etag());
        this.modified = file.lastModified().truncatedTo(ChronoUnit.SECONDS);
    }

    static String quoted(String etag) {
        return "\"" + etag + "\"";
    }

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant.atZone(ZoneOffset.UTC));
    }

    /** Whether 304 is the answer. */
    boolean isKnown() {
        String tags = headers.get(HttpHeaders.IF_NONE_MATCH);
        if (tags != null) {
            return tags.strip().equals("*")
                    || Arrays.stream(tags.split(",", -1))
                            .map(tag -> tag.strip().replaceFirst("^W/", ""))
                            .anyMatch(etag::equals);
        }
        Instant since = date(headers.get(HttpHeaders.IF_MODIFIED_SINCE));
        return since != null && !modified.isAfter(since);
    }

    /** Whether a range of this file continues what the caller has. */
    boolean allowRange() {
        String condition = headers.get("If-Range");
        return condition == null || condition.strip().equals(etag) || modified.equals(date(condition));
    }

    private static @Nullable Instant date(@Nullable String text) {
        try {
            return text == null
                    ? null
                    : ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException notADate) {
            return null;
        }
    }
}
