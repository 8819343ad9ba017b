package ai.robutler.api;

/** Every error that the gateway answers with: its HTTP status, OpenAI type and code. */
public enum ErrorCode {
    /** A field of the request is missing or wrong. */
    INVALID_REQUEST(400, "invalid_request_error", "invalid_request"),
    /** The body is not JSON. */
    INVALID_JSON(400, "invalid_request_error", "invalid_json"),
    /** The conversation is longer than the model takes. */
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error", "context_length_exceeded"),
    /** The agent wants an API key and none was sent. */
    MISSING_API_KEY(401, "authentication_error", "missing_api_key"),
    /** The API key is unknown, revoked or expired. */
    INVALID_API_KEY(401, "authentication_error", "invalid_api_key"),
    /** The payer has fewer credits than are needed. */
    INSUFFICIENT_CREDITS(402, "insufficient_credits", "insufficient_credits"),
    /** The key is known and has no right to this. */
    ACCESS_DENIED(403, "permission_error", "access_denied"),
    /** No agent of that name. */
    AGENT_NOT_FOUND(404, "invalid_request_error", "agent_not_found"),
    /** No such path. */
    NOT_FOUND(404, "invalid_request_error", "not_found"),
    /** The path is known, the method is not. */
    METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed"),
    /** The model, or the caller's own body, took too long. */
    REQUEST_TIMEOUT(408, "timeout_error", "request_timeout"),
    /** The idempotency key was used for another request. */
    IDEMPOTENCY_CONFLICT(409, "invalid_request_error", "idempotency_conflict"),
    /** The first request of this idempotency key is still running. */
    IDEMPOTENCY_IN_PROGRESS(409, "invalid_request_error", "idempotency_in_progress"),
    /** What is asked for contradicts what is there, such as a name that is taken. */
    CONFLICT(409, "invalid_request_error", "conflict"),
    /** What was there has run out. */
    EXPIRED(410, "invalid_request_error", "expired"),
    /** The body is larger than the limit. */
    REQUEST_TOO_LARGE(413, "invalid_request_error", "request_too_large"),
    /** The body is not of a type that is read here. */
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error", "unsupported_media_type"),
    /** The range that was asked for is not in the file. */
    RANGE_NOT_SATISFIABLE(416, "invalid_request_error", "range_not_satisfiable"),
    /** One of the caller's own limits is used up. */
    RATE_LIMITED(429, "rate_limit_exceeded", "too_many_requests"),
    /** The model provider's limit is used up. */
    UPSTREAM_RATE_LIMITED(429, "rate_limit_exceeded", "upstream_rate_limited"),
    /** A request header block over the limit. */
    HEADERS_TOO_LARGE(431, "invalid_request_error", "request_too_large"),
    /** Our own fault; says nothing of its inside. */
    INTERNAL(500, "server_error", "internal_error"),
    /** The model provider refused our key. */
    UPSTREAM_AUTH(502, "server_error", "upstream_auth_error"),
    /** Something that is needed is down or full. */
    UNAVAILABLE(503, "server_error", "service_unavailable"),
    /** No model could be reached. */
    MODEL_UNAVAILABLE(503, "server_error", "model_unavailable");

    private final int status;
    private final String type;
    private final String code;

    ErrorCode(int status, String type, String code) {
        this.status = status;
        this.type = type;
        this.code = code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The OpenAI error type. */
    public String type() {
        return type;
    }

    /** The stable machine-readable code. */
    public String code() {
        return code;
    }
}
