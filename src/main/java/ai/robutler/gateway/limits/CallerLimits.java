package ai.robutler.gateway.limits;

import ai.robutler.api.ApiException;
import ai.robutler.api.openai.Usage;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.gateway.chat.ChatRequest;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.gateway.identity.Principal;
import ai.robutler.gateway.ratelimit.Limit;
import ai.robutler.gateway.ratelimit.ParallelLimiter;
import ai.robutler.gateway.ratelimit.RateLimitRules;
import ai.robutler.gateway.ratelimit.RateLimitState;
import ai.robutler.gateway.ratelimit.RateLimiter;
import ai.robutler.gateway.ratelimit.RateLimits;
import ai.robutler.gateway.ratelimit.TokenLimiter;
import ai.robutler.gateway.usage.GatewayMeters;
import ai.robutler.gateway.usage.UsageRecord;
import ai.robutler.http.HttpCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** The {@code callerLimits} bean: counts each request against its caller's limits. */
public final class CallerLimits {
    private static final int BYTES_PER_TOKEN = 4;
    private static final String TAKEN = "robutlerLimitsTaken";

    private final RateLimiter requests;
    private final TokenLimiter tokens;
    private final ParallelLimiter parallel;
    private final GatewayMeters meters;
    private final Duration maxAge;

    /** @param maxAge longer than any request takes; a slot that was not given back is free again after it */
    public CallerLimits(
            RateLimiter requests,
            TokenLimiter tokens,
            ParallelLimiter parallel,
            GatewayMeters meters,
            Duration maxAge) {
        this.requests = requests;
        this.tokens = tokens;
        this.parallel = parallel;
        this.meters = meters;
        this.maxAge = maxAge;
    }

    /** The rules in force. */
    public RateLimitRules rules() {
        return requests.rules();
    }

    /** Puts other rules in force. */
    public void replace(RateLimitRules rules) {
        requests.replace(rules);
        tokens.replace(rules);
    }

    /**
     * Takes one request from every window of the caller's, and a slot while it runs; sets the X-RateLimit headers. A key
     * with a number of requests a day of its own has these beside what its user has, so that it can have less but not more.
     * Fails with 429, and then has taken nothing.
     */
    public void take(@Variable("caller") Caller caller, Exchange exchange) {
        try {
            RateLimitState state = take(caller);
            state.headers().forEach(exchange.getMessage()::setHeader);
            exchange.setProperty(TAKEN, state);
            long most = limitsOf(caller).parallel();
            if (most > 0) {
                ParallelLimiter.Lease slot = parallel.acquire(identities(caller).get(0), most, maxAge);
                HttpCall.of(exchange).atTheEnd(done -> slot.release());
            }
        } catch (ApiException refused) {
            throw counted(refused, caller, exchange);
        }
    }

    private RateLimitState take(Caller caller) {
        Optional<KeyOwner> owner = caller.principal().flatMap(Principal::portal);
        if (owner.isEmpty() || owner.get().dailyRateLimit().isEmpty()) {
            return requests.take(identities(caller));
        }
        String key = "api:" + owner.get().keyId();
        List<String> all = new ArrayList<>(identities(caller));
        if (!all.contains(key)) {
            all.add(key);
        }
        return requests.take(
                all, Map.of(key, limitsOfKey(key, owner.get().dailyRateLimit().getAsLong())));
    }

    /** The key's own day; the other windows are its rule's, or else only its user's. */
    private RateLimits limitsOfKey(String key, long daily) {
        RateLimits rule = hasRule(key) ? rules().limitsFor(key) : new RateLimits(0, 0, 0, 0, 0, 0);
        long day = Math.min(daily, RateLimits.LARGEST);
        return rule.overlay(Map.of(Limit.DAY, rule.day() == 0 ? day : Math.min(day, rule.day())));
    }

    private boolean hasRule(String key) {
        return !rules().limitsFor(key).equals(rules().defaults());
    }

    /**
     * Reserves the tokens that a chat request may take, where the caller's are limited; trued up when it ends. The estimate
     * is a token for four bytes of the request, and {@code max_tokens}. Fails with 429, and then has taken nothing, the
     * request itself included.
     */
    public void reserveTokens(
            @Variable("caller") Caller caller, @Variable("chatRequest") ChatRequest chatRequest, Exchange exchange) {
        if (limitsOf(caller).tokensPerMinute() == 0) {
            return;
        }
        long prompt = exchange.getMessage().getBody(byte[].class).length / BYTES_PER_TOKEN;
        long answer = chatRequest
                .body()
                .path("max_completion_tokens")
                .asLong(chatRequest.body().path("max_tokens").asLong(0));
        try {
            TokenLimiter.Reservation reservation = tokens.reserve(identities(caller), prompt + answer);
            HttpCall.of(exchange).atTheEnd(done -> {
                UsageRecord record = done.getVariable("usage", UsageRecord.class);
                Usage usage = record == null ? Usage.NONE : record.usage();
                reservation.settle(usage.totalTokens());
            });
        } catch (ApiException refused) {
            throw counted(refused, caller, exchange);
        }
    }

    /** Counts the refusal, and gives back what the request has taken: a refused one takes nothing. */
    private ApiException counted(ApiException refused, Caller caller, Exchange exchange) {
        meters.limited(caller.kind(), String.valueOf(refused.details().get("limit")));
        RateLimitState taken = exchange.getProperty(TAKEN, RateLimitState.class);
        if (taken != null) {
            taken.giveBack().forEach(exchange.getMessage()::setHeader);
        }
        return refused;
    }

    private RateLimits limitsOf(Caller caller) {
        return rules().limitsFor(identities(caller).get(0));
    }

    /** What the caller is counted under; the key instead of its user where a rule of its own stands for the key. */
    private List<String> identities(Caller caller) {
        if (caller.principal().isPresent()) {
            String key = "api:" + caller.principal().get().keyId();
            if (hasRule(key)) {
                return List.of(key);
            }
        }
        return caller.limitIdentities();
    }
}
