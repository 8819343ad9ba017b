package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body within the server's limits. A body that breaks one is a {@link HttpCall#readFailure()}, which
 * the pipeline tells the caller after the limits were counted; what is left of it is thrown away.
 */
final class BodyReader {
    private final Vertx vertx;
    private final HttpCall call;
    private final HttpSettings settings;
    private final Handler<byte[]> then;
    private @Nullable Buffer body = Buffer.buffer();
    private long timer = -1;
    private boolean done;

    private BodyReader(Vertx vertx, HttpCall call, HttpSettings settings, Handler<byte[]> then) {
        this.vertx = vertx;
        this.call = call;
        this.settings = settings;
        this.then = then;
    }

    /** Calls {@code then} once, on the event loop, with the body; with an empty one when reading failed. */
    static void read(Vertx vertx, HttpCall call, HttpSettings settings, Handler<byte[]> then) {
        HttpServerRequest request = call.request();
        if (request.isEnded() || !hasBody(request)) {
            request.resume();
            then.handle(new byte[0]);
            return;
        }
        new BodyReader(vertx, call, settings, then).start(request);
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || !(request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD));
    }

    private void start(HttpServerRequest request) {
        request.exceptionHandler(
                gone -> fail(ApiException.of(ErrorCode.INVALID_REQUEST, "The request body could not be read")));
        request.handler(this::received);
        request.endHandler(end -> finish());
        if (declaredLength(request) > settings.maxBodyBytes()) {
            tooLarge();
        } else {
            timer = vertx.setTimer(settings.bodyTimeout().toMillis(), late -> fail(bodyTimeout()));
            if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                request.response().writeContinue();
            }
        }
        request.resume();
    }

    private static long declaredLength(HttpServerRequest request) {
        try {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? 0 : Long.parseLong(length.trim());
        } catch (NumberFormatException notALength) {
            return 0;
        }
    }

    private void received(Buffer part) {
        Buffer soFar = body;
        if (soFar == null) {
            return;
        }
        if (soFar.length() + part.length() > settings.maxBodyBytes()) {
            tooLarge();
        } else {
            soFar.appendBuffer(part);
        }
    }

    private void tooLarge() {
        fail(ApiException.of(
                ErrorCode.REQUEST_TOO_LARGE,
                "The request body is larger than " + settings.maxBodyBytes() + " bytes (gateway.max-body-bytes)"));
    }

    private ApiException bodyTimeout() {
        return ApiException.of(
                ErrorCode.REQUEST_TIMEOUT,
                "The request body did not arrive within "
                        + settings.bodyTimeout().toSeconds() + " seconds");
    }

    private void fail(ApiException failure) {
        if (done) {
            return;
        }
        body = null;
        call.readFailed(failure);
        call.response().putHeader(HttpHeaders.CONNECTION, "close");
        finish();
    }

    private void finish() {
        if (done) {
            return;
        }
        done = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        Buffer whole = body;
        then.handle(whole == null ? new byte[0] : whole.getBytes());
    }
}
