package ai.robutler.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that names one request on its answer, in every log line and in its usage record. */
final class RequestId {
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private RequestId() {}

    /** The id that the caller sent when it is 1–128 characters of {@code A-Za-z0-9._-}, else a new one. */
    static String choose(@Nullable String sent, Supplier<String> ids) {
        return sent != null && WELL_FORMED.matcher(sent).matches() ? sent : ids.get();
    }

    /** {@code req_} and 24 hexadecimal digits; unique, not secret. */
    static Supplier<String> random() {
        long salt = new SecureRandom().nextLong();
        return () -> {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            HexFormat hex = HexFormat.of();
            return "req_" + hex.toHexDigits(random.nextLong() ^ salt) + hex.toHexDigits(random.nextInt());
        };
    }
}
