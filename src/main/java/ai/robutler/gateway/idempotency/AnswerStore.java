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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/**
 * The {@code answerStore} bean: gives the first answer again to a repetition with the same {@code Idempotency-Key}. Kept in
 * memory, by caller; some answers are forgotten when the room is used up, a request that is still running never.
 */
public final class AnswerStore {
    private static final int MAX_KEY = 255;
    private static final int ENTRY_BYTES = 512;

    private final Map<String, Entry> running = new ConcurrentHashMap<>();
    private final Cache<String, Entry> answers;

    /**
     * @param ttl how long an answer is kept
     * @param maxBytes room for all answers together
     * @param ticker the time, in nanoseconds
     */
    public AnswerStore(Duration ttl, long maxBytes, Ticker ticker) {
        this.answers = Caffeine.newBuilder()
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
        Entry own = new Entry(fingerprint, null, null);
        Entry before = running.putIfAbsent(id, own);
        if (before == null) {
            before = answers.getIfPresent(id);
            if (before == null) {
                hold(exchange, new AnswerClaim(this, id, own));
                return;
            }
            running.remove(id, own);
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

    /** The answer stands before the claim is given back: a repetition finds one of them. */
    void complete(String id, Entry own, String contentType, byte[] body) {
        if (running.get(id) == own) {
            answers.put(id, new Entry(own.fingerprint(), contentType, body));
            running.remove(id, own);
        }
    }

    void release(String id, Entry own) {
        running.remove(id, own);
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
