package ai.robutler.gateway.ratelimit;

import ai.robutler.api.ApiException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The {@code tokenLimiter} bean: LLM tokens a minute, reserved before the model is called and trued up after.
 *
 * <p>Reservations never exceed the limit together, however many requests run at once. What an answer took beyond its
 * reservation is a debt that the following tokens of the same caller pay: one wrong estimate exceeds the minute by
 * its own error and no more. What it took less is given back while its minute lasts.
 */
public final class TokenLimiter {
    private final IdentityTable<TokenCounts> table;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private volatile RateLimitRules rules;

    /** The arguments are those of {@link RateLimiter#RateLimiter}. */
    public TokenLimiter(RateLimitRules rules, long maxIdentities, LongSupplier nanoClock, InstantSource clock) {
        this.rules = rules;
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.table = new IdentityTable<>(
                maxIdentities, nanoClock, identity -> new TokenCounts(identity, nanoClock.getAsLong()));
    }

    /** Puts other rules in force; what was used in this minute stays used. */
    public void replace(RateLimitRules rules) {
        this.rules = rules;
    }

    /**
     * Reserves tokens of all identities, or of none.
     *
     * @param identities as of {@link RateLimiter#take}
     * @param estimatedTokens the prompt's tokens and the longest answer's
     * @throws ApiException 429 when they do not fit into this minute
     */
    public Reservation reserve(List<String> identities, long estimatedTokens) {
        requireCount(estimatedTokens);
        return table.withAll(identities, all -> reserveHeld(all, estimatedTokens));
    }

    private Reservation reserveHeld(List<TokenCounts> all, long tokens) {
        long now = nanoClock.getAsLong();
        RateLimitRules current = rules;
        all.forEach(counts -> counts.update(current.limitsOfKey(counts.key()).tokensPerMinute(), now));
        Exceeded worst = null;
        for (TokenCounts counts : all) {
            if (!counts.hasRoom(tokens)) {
                Exceeded exceeded = counts.exceeded(tokens, now);
                worst = worst == null || exceeded.waitNanos() > worst.waitNanos() ? exceeded : worst;
            }
        }
        if (worst != null) {
            throw refusal(worst, tokens);
        }
        return new Reservation(
                all, all.stream().map(counts -> counts.reserve(tokens)).toList(), tokens);
    }

    private ApiException refusal(Exceeded exceeded, long tokens) {
        String message = "Token limit exceeded (" + exceeded.allowed() + " tokens per minute)";
        if (exceeded.waitNanos() < Long.MAX_VALUE) {
            return exceeded.refusal(message, clock).withDetail("requested", tokens);
        }
        String never = message + ": this request alone may take " + tokens;
        return new Exceeded(exceeded.limit(), exceeded.scope(), exceeded.allowed(), exceeded.used(), TokenCounts.MINUTE)
                .refusal(never)
                .withDetail("requested", tokens)
                .withHeader("x-should-retry", "false");
    }

    private static void requireCount(long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("negative token count: " + tokens);
        }
    }

    /** Tokens set aside for one request. */
    public final class Reservation {
        private final List<TokenCounts> all;
        private final List<Long> minutes;
        private final long reserved;
        private final AtomicBoolean settled = new AtomicBoolean();

        private Reservation(List<TokenCounts> all, List<Long> minutes, long reserved) {
            this.all = all;
            this.minutes = minutes;
            this.reserved = reserved;
        }

        /**
         * Replaces the estimate by what was used; only the first call does anything.
         *
         * @param actual tokens that the answer took; 0 when the model was not called
         */
        public void settle(long actual) {
            requireCount(actual);
            if (settled.compareAndSet(false, true)) {
                table.holding(all, 0, held -> settleHeld(held, actual));
            }
        }

        private List<TokenCounts> settleHeld(List<TokenCounts> held, long actual) {
            long now = nanoClock.getAsLong();
            for (int i = 0; i < held.size(); i++) {
                held.get(i).settle(minutes.get(i), reserved, actual, now);
            }
            return held;
        }
    }
}
