/**
 * Limits of callers: requests in four windows, tokens a minute, requests at the same time.
 *
 * <p>A request refused by one limit consumes none: take the parallel lease and the tokens, and give them and the request
 * back ({@link RateLimitState#giveBack}, {@link TokenLimiter.Reservation#settle settle(0)}, {@link
 * ParallelLimiter.Lease#release}) when a later limit refuses.
 */
@NullMarked
package ai.robutler.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
