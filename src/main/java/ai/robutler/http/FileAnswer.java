package ai.robutler.http;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A message body that is a file on the disk: written piece by piece, whole or the one range that the caller asks for, and
 * answered with 304 when the caller has it already. Further headers are those of the message.
 *
 * @param path where it is; its content is never changed
 * @param size its length in bytes
 * @param contentType the answer's {@code Content-Type}
 * @param etag names its content, without quotes; the SHA-256 does
 * @param lastModified when it came to be
 * @param disposition the answer's {@code Content-Disposition}
 */
public record FileAnswer(
        Path path, long size, String contentType, String etag, Instant lastModified, String disposition) {}
