package ai.robutler.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure that its caller should read. Immutable: each {@code with…} makes a copy.
 *
 * <p>It carries no stack trace: it is an answer, thrown often, and never a bug in itself.
 */
public final class ApiException extends RuntimeException {
    private final transient ErrorCode code;
    private final @Nullable String param;
    private final transient @Nullable Duration retryAfter;
    private final transient Map<String, Object> details;
    private final transient Map<String, String> headers;

    private ApiException(
            ErrorCode code,
            String message,
            @Nullable String param,
            @Nullable Duration retryAfter,
            Map<String, Object> details,
            Map<String, String> headers) {
        super(message, null, false, false);
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
        this.details = details;
        this.headers = headers;
    }

    /** An error with a message for its caller: never a secret, a stack trace or a class name. */
    public static ApiException of(ErrorCode code, String message) {
        return new ApiException(code, message, null, null, Map.of(), Map.of());
    }

    /** A 400 that names the field at fault, such as {@code messages[2].role}. */
    public static ApiException inField(String param, String message) {
        return new ApiException(ErrorCode.INVALID_REQUEST, message, param, null, Map.of(), Map.of());
    }

    /** The same with the time after which a repetition may succeed; sent as whole seconds, at least 1. */
    public ApiException withRetryAfter(Duration wait) {
        return new ApiException(code, message(), param, wait, details, headers);
    }

    /** The same with one more field beside {@code error.message}. */
    public ApiException withDetail(String name, Object value) {
        return new ApiException(code, message(), param, retryAfter, plus(details, name, value), headers);
    }

    /** The same with one more header on the answer. */
    public ApiException withHeader(String name, String value) {
        return new ApiException(code, message(), param, retryAfter, details, plus(headers, name, value));
    }

    /** Status, type and code of the answer. */
    public ErrorCode code() {
        return code;
    }

    /** What the caller reads. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The field at fault; null when there is none. */
    public @Nullable String param() {
        return param;
    }

    /** Whole seconds until a repetition may succeed, at least 1; null when that is not known. */
    public @Nullable Long retryAfterSeconds() {
        return retryAfter == null ? null : Math.max(1, (retryAfter.toMillis() + 999) / 1000);
    }

    /** Further fields of the {@code error} object, in order. */
    public Map<String, Object> details() {
        return details;
    }

    /** Further headers of the answer. */
    public Map<String, String> headers() {
        return headers;
    }

    private static <V> Map<String, V> plus(Map<String, V> map, String name, V value) {
        Map<String, V> copy = new LinkedHashMap<>(map);
        copy.put(name, value);
        return copy;
    }
}
