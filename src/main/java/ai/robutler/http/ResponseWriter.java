package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NoTypeConversionAvailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a route left as its message to the caller; leaves alone an answer that a step has written itself. */
final class ResponseWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    private final ResponseHeaders headers;
    private final FileResponse files;

    ResponseWriter(ResponseHeaders headers, FileResponse files) {
        this.headers = headers;
        this.files = files;
    }

    /** Completes when the last byte is handed over or the caller is gone; never fails. */
    Future<Void> write(HttpCall call, Exchange exchange) {
        HttpServerResponse response = call.response();
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        if (response.headWritten()) {
            response.reset();
            return Future.succeededFuture();
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            return writeError(call, failure);
        }
        Message message = exchange.getMessage();
        try {
            response.setStatusCode(status(message));
            copyHeaders(message, response);
            if (call.modelNanos() > 0) {
                response.putHeader("X-Gateway-Overhead-Ms", call.overheadMillis());
            }
            if (message.getBody() instanceof FileAnswer file) {
                return files.write(call, file);
            }
            Buffer body = body(exchange, message.getBody());
            if (body != null && HttpMethod.HEAD.equals(call.request().method())) {
                response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            }
            return (body == null ? response.end() : response.end(body)).otherwiseEmpty();
        } catch (NoTypeConversionAvailableException | RuntimeException notAnAnswer) {
            return writeError(call, notAnAnswer);
        }
    }

    /** Answers with an error from outside any route. */
    static Future<Void> writeError(HttpCall call, Throwable failure) {
        ApiException error = ErrorWriter.asApiException(failure);
        if (error.code() == ErrorCode.INTERNAL) {
            LOG.error("request failed requestId={} path={}", call.requestId(), call.route(), failure);
        }
        HttpServerResponse response = call.response();
        if (response.ended() || response.closed() || response.headWritten()) {
            return Future.succeededFuture();
        }
        call.failedWith(error.code().code());
        response.setStatusCode(error.code().status());
        response.putHeader("Content-Type", "application/json");
        error.headers().forEach(response::putHeader);
        Long retryAfter = error.retryAfterSeconds();
        if (retryAfter != null) {
            response.putHeader("Retry-After", retryAfter.toString());
        }
        return response.end(Buffer.buffer(ErrorBody.bytes(error, call.path()))).otherwiseEmpty();
    }

    private static int status(Message message) {
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        return status == null ? 200 : status;
    }

    /** Sets the headers of a message on an answer that a step writes itself. */
    void copyHeaders(Message message, HttpServerResponse response) {
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            Object value = header.getValue();
            if (value != null && headers.allows(header.getKey())) {
                String text = oneLine(value.toString());
                if (text != null) {
                    response.putHeader(header.getKey(), text);
                }
            }
        }
    }

    /** Null for a value that would end the header line: it is dropped, not cleaned. */
    private static @Nullable String oneLine(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                return null;
            }
        }
        return value;
    }

    private static @Nullable Buffer body(Exchange exchange, @Nullable Object body)
            throws NoTypeConversionAvailableException {
        if (body == null) {
            return null;
        }
        if (body instanceof Buffer buffer) {
            return buffer;
        }
        if (body instanceof byte[] bytes) {
            return Buffer.buffer(bytes);
        }
        if (body instanceof String text) {
            return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
        }
        return Buffer.buffer(exchange.getContext().getTypeConverter().mandatoryConvertTo(byte[].class, exchange, body));
    }
}
