package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/**
 * The shape of every error: {@code {"error":{"type","code","message","param",…},"detail"}}, and under {@code /api}, where
 * older clients read the text from {@code error}, {@code {"error","message","code","status","success":false,"details"}}. A
 * chat completion under {@code /api/agents/{id}} is the gateway's, and so are its errors.
 */
public final class ErrorBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern CHAT = Pattern.compile("/api/agents/[^/]+/chat/completions/?");

    private ErrorBody() {}

    /**
     * The body as UTF-8 JSON.
     *
     * @param path as requested
     */
    public static byte[] bytes(ApiException failure, String path) {
        try {
            return JSON.writeValueAsBytes(isPortal(path) ? ofPortal(failure) : of(failure));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    private static boolean isPortal(String path) {
        return path.equals("/api")
                || (path.startsWith("/api/") && !CHAT.matcher(path).matches());
    }

    private static ObjectNode ofPortal(ApiException failure) {
        ObjectNode body = JSON.createObjectNode();
        body.put("error", failure.message());
        body.put("message", failure.message());
        body.put("code", slug(failure.code()));
        body.put("status", failure.code().status());
        body.put("success", false);
        ObjectNode details = body.putObject("details");
        if (failure.param() != null) {
            details.put("param", failure.param());
        }
        failure.details().forEach((name, value) -> details.set(name, JSON.valueToTree(value)));
        Long retryAfter = failure.retryAfterSeconds();
        if (retryAfter != null) {
            details.put("retry_after", retryAfter);
        }
        return body;
    }

    private static String slug(ErrorCode code) {
        return switch (code.status()) {
            case 400 -> "invalid_request";
            case 401 -> "unauthorized";
            case 402 -> "insufficient_credits";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            case 409 -> "conflict";
            case 410 -> "expired";
            case 503 -> "unavailable";
            default -> code.code();
        };
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
