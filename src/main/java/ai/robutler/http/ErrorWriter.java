package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;

/** The {@code errorWriter} bean: turns what a route threw into the error that its caller reads. */
public final class ErrorWriter {
    private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    /** Sets status, headers and body. The limits' headers, which an earlier step has set, stay. */
    public void write(Exchange exchange) {
        ApiException failure = asApiException(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        Message answer = exchange.getMessage();
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, failure.code().status());
        answer.setHeader(Exchange.CONTENT_TYPE, "application/json");
        failure.headers().forEach(answer::setHeader);
        Long retryAfter = failure.retryAfterSeconds();
        if (retryAfter != null) {
            answer.setHeader("Retry-After", retryAfter.toString());
        }
        HttpCall call = HttpCall.of(exchange);
        answer.setBody(ErrorBody.bytes(failure, call.path()));
        call.failedWith(failure.code().code());
    }

    /** The error to tell of, found among the causes; a failure that is not known here is a 500 that says nothing of itself. */
    public static ApiException asApiException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException known) {
                return known;
            }
            if (cause instanceof ThrottlerRejectedExecutionException) {
                return ApiException.of(ErrorCode.UNAVAILABLE, "The server is answering as many requests as it can")
                        .withRetryAfter(BUSY_WAIT);
            }
        }
        return ApiException.of(ErrorCode.INTERNAL, "An unexpected error occurred");
    }
}
