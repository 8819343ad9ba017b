package ai.robutler.gateway.idempotency;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.http.HttpCall;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/**
 * The {@code answerStore} bean: gives the first answer again to a repetition with the same {@code Idempotency-Key}. Kept in
 * memory, by caller; some are forgotten when the room is used up.
 */
public final class AnswerStore {
    private static final int MAX_KEY = 255;
    private static final int ENTRY_BYTES = 512;

    private final Cache<String, Entry> entries;

    /**
     * @param ttl how long an answer is kept
     * @param maxBytes room for all answers together
     * @param ticker the time, in nanoseconds
     */
    public AnswerStore(Duration ttl, long maxBytes, Ticker ticker) {
        this.entries = Caffeine.newBuilder()
                .expireAfterWrite(ttl)
                .maximumWeight(maxBytes)
                .weigher((String key, Entry entry) -> ENTRY_BYTES + key.length() + entry.weight())
                .ticker(ticker)
                .build();
    }

    /**
     * Claims the request's key, if it has one, and sets the variable {@code answerClaim}; or writes the first answer again
     * and stops the route. Fails with 409 idempotency_conflict or idempotency_in_progress.
     */
    public void claim(@Variable("caller") Caller caller, Exchange exchange) {
        HttpCall call = HttpCall.of(exchange);
        String key = call.request().getHeader("Idempotency-Key");
        if (key == null || key.isBlank()) {
            return;
        }
        if (key.length() > MAX_KEY) {
            throw ApiException.inField("Idempotency-Key", "Idempotency-Key must be at most " + MAX_KEY + " characters");
        }
        byte[] body = exchange.getMessage().getBody(byte[].class);
        String fingerprint = fingerprint(call.request().path(), body);
        String id = caller.identity() + '\n' + key;
        Entry running = new Entry(fingerprint, null, null);
        Entry before = entries.asMap().putIfAbsent(id, running);
        if (before == null) {
            hold(exchange, new AnswerClaim(this, id, running));
            return;
        }
        replay(before, fingerprint, exchange);
    }

    private static void hold(Exchange exchange, AnswerClaim claim) {
        exchange.setVariable("answerClaim", claim);
        HttpCall.of(exchange).atTheEnd(done -> claim.release());
    }

    private static void replay(Entry before, String fingerprint, Exchange exchange) {
        if (!before.fingerprint().equals(fingerprint)) {
            throw ApiException.of(
                            ErrorCode.IDEMPOTENCY_CONFLICT,
                            "The Idempotency-Key was used for another request; use a new one")
                    .withHeader("x-should-retry", "false");
        }
        byte[] body = before.body();
        if (body == null) {
            throw ApiException.of(
                            ErrorCode.IDEMPOTENCY_IN_PROGRESS,
                            "The first request of this Idempotency-Key is still running")
                    .withRetryAfter(Duration.ofSeconds(1));
        }
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, before.contentType());
        if (String.valueOf(before.contentType()).contains("charset")) {
            exchange.getMessage().setHeader("Cache-Control", "no-cache");
            exchange.getMessage().setHeader("X-Accel-Buffering", "no");
        }
        exchange.getMessage().setHeader("X-Idempotent-Replay", "true");
        exchange.getMessage().setBody(body);
        exchange.setRouteStop(true);
    }

    void complete(String id, Entry running, String contentType, byte[] body) {
        entries.asMap().replace(id, running, new Entry(running.fingerprint(), contentType, body));
    }

    void release(String id, Entry running) {
        entries.asMap().remove(id, running);
    }

    private static String fingerprint(@Nullable String path, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.valueOf(path).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A key's first request, and its answer once it is there. Compared by identity. */
    static final class Entry {
        private final String fingerprint;
        private final @Nullable String contentType;
        private final byte @Nullable [] body;

        Entry(String fingerprint, @Nullable String contentType, byte @Nullable [] body) {
            this.fingerprint = fingerprint;
            this.contentType = contentType;
            this.body = body;
        }

        String fingerprint() {
            return fingerprint;
        }

        @Nullable
        String contentType() {
            return contentType;
        }

        byte @Nullable [] body() {
            return body;
        }

        int weight() {
            return body == null ? 0 : body.length;
        }
    }
}
