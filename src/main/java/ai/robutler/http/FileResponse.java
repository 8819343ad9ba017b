package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Answers with a file: whole, one range of it, its headers only, or the news that the caller has it already. */
final class FileResponse {
    private final Executor steps;
    private final Duration stallTimeout;

    /**
     * @param steps where files are read
     * @param stallTimeout how long a caller may leave a piece of a file unread
     */
    FileResponse(Executor steps, Duration stallTimeout) {
        this.steps = steps;
        this.stallTimeout = stallTimeout;
    }

    /** Completes when the last byte is out or the caller gone; never fails. */
    Future<Void> write(HttpCall call, FileAnswer file) {
        HttpServerRequest request = call.request();
        HttpServerResponse response = call.response();
        FileConditions conditions = new FileConditions(request.headers(), file);
        Optional<ByteRange> asked = conditions.isKnown() ? Optional.empty() : range(request, conditions, file);
        if (asked.isPresent() && asked.get().length() == 0) {
            return ResponseWriter.writeError(call, notInFile(file));
        }
        response.putHeader(HttpHeaders.ETAG, FileConditions.quoted(file.etag()));
        response.putHeader(HttpHeaders.LAST_MODIFIED, FileConditions.httpDate(file.lastModified()));
        response.putHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (conditions.isKnown()) {
            return response.setStatusCode(304).end().otherwiseEmpty();
        }
        ByteRange range = asked.orElse(ByteRange.whole(file.size()));
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.contentType());
        response.putHeader(HttpHeaders.CONTENT_DISPOSITION, file.disposition());
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
        if (asked.isPresent()) {
            response.setStatusCode(206).putHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(file.size()));
        }
        if (HttpMethod.HEAD.equals(request.method()) || range.length() == 0) {
            return response.end().otherwiseEmpty();
        }
        return new FileSender(call, file, range, steps, stallTimeout).send();
    }

    /** Only a GET may ask for a range. */
    private static Optional<ByteRange> range(HttpServerRequest request, FileConditions conditions, FileAnswer file) {
        String header = request.getHeader("Range");
        if (header == null || !HttpMethod.GET.equals(request.method()) || !conditions.allowRange()) {
            return Optional.empty();
        }
        return ByteRange.of(header, file.size());
    }

    private static ApiException notInFile(FileAnswer file) {
        return ApiException.of(
                        ErrorCode.RANGE_NOT_SATISFIABLE,
                        "The range is not in the file, which has " + file.size() + " bytes")
                .withHeader("Content-Range", new ByteRange(0, 0).contentRange(file.size()));
    }
}
