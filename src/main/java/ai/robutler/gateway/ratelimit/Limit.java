package ai.robutler.gateway.ratelimit;

/** Every limit that a caller can have: its field in {@code limits.yaml} and its code in a refusal. */
public enum Limit {
    /** Requests in one second. */
    BURST("burst", "requests_per_second"),
    /** Requests in one minute. */
    MINUTE("minute", "requests_per_minute"),
    /** Requests in one hour. */
    HOUR("hour", "requests_per_hour"),
    /** Requests in one day of 24 hours. */
    DAY("day", "requests_per_day"),
    /** LLM tokens, prompt and completion together, in one minute. */
    TOKENS_PER_MINUTE("tokens-per-minute", "tokens_per_minute"),
    /** Requests at the same time. */
    PARALLEL("parallel", "parallel");

    private final String field;
    private final String code;

    Limit(String field, String code) {
        this.field = field;
        this.code = code;
    }

    /** The name in {@code limits.yaml}. */
    public String field() {
        return field;
    }

    /** The stable name that a refusal carries in {@code error.limit}. */
    public String code() {
        return code;
    }
}
