package ai.robutler.http;

import ai.robutler.api.ApiException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The one shape of every error: {@code {"error":{"type","code","message","param",…},"detail"}}. */
public final class ErrorBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorBody() {}

    /** The body as UTF-8 JSON. */
    public static byte[] bytes(ApiException failure) {
        try {
            return JSON.writeValueAsBytes(of(failure));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    /** The body as a tree. */
    public static ObjectNode of(ApiException failure) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("type", failure.code().type());
        error.put("code", failure.code().code());
        error.put("message", failure.message());
        error.put("param", failure.param());
        failure.details().forEach((name, value) -> error.set(name, JSON.valueToTree(value)));
        Long retryAfter = failure.retryAfterSeconds();
        if (retryAfter != null) {
            error.put("retry_after", retryAfter);
        }
        body.put("detail", failure.message());
        return body;
    }
}
