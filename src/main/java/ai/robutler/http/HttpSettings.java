package ai.robutler.http;

import java.time.Duration;
import java.util.List;

/**
 * The server's limits.
 *
 * @param maxBodyBytes longest request body that is read; a longer one is answered with 413
 * @param maxHeaderBytes longest request line, and longest header block; more is answered with 431
 * @param headerTimeout longest time from a request's first byte to the end of its headers
 * @param bodyTimeout longest time from the end of the headers to the end of the body
 * @param idleTimeout how long a connection may stay open without a request
 * @param reloadWait how long a request waits for a route that is just being replaced
 * @param stallTimeout how long a caller may leave a piece of a file unread
 * @param corsOrigins origins whose pages may call; {@code *} is any, none switches CORS off
 * @param responseHeaders names of headers that an answer may carry, {@code *} at the end for any ending
 */
public record HttpSettings(
        long maxBodyBytes,
        int maxHeaderBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration reloadWait,
        Duration stallTimeout,
        List<String> corsOrigins,
        List<String> responseHeaders) {

    /** Copies the lists. */
    public HttpSettings {
        corsOrigins = List.copyOf(corsOrigins);
        responseHeaders = List.copyOf(responseHeaders);
    }
}
