package ai.robutler.gateway.usage;

import ai.robutler.api.openai.Usage;
import ai.robutler.gateway.agent.Agent;
import ai.robutler.gateway.identity.Caller;
import ai.robutler.gateway.model.ModelTarget;
import ai.robutler.http.HttpCall;
import org.apache.camel.Exchange;

/**
 * What one answer took.
 *
 * @param requestId names the request
 * @param agent who answered
 * @param provider whom the agent asked
 * @param model the provider's model
 * @param callerKind {@code user} or {@code ip}
 * @param stream whether it was streamed
 * @param usage the tokens
 * @param finishReason why it ended
 * @param trouble the error code that a stream ended with; empty when it ended well
 * @param firstTokenNanos from the request to the model to its first event or whole answer, in nanoseconds
 * @param durationMs from the request's headers to now, in milliseconds
 */
public record UsageRecord(
        String requestId,
        String agent,
        String provider,
        String model,
        String callerKind,
        boolean stream,
        Usage usage,
        String finishReason,
        String trouble,
        long firstTokenNanos,
        long durationMs) {

    /** The record of the request that this exchange answers. */
    public static UsageRecord of(
            Exchange exchange, ModelTarget target, Usage usage, String finishReason, String trouble) {
        HttpCall call = HttpCall.of(exchange);
        return new UsageRecord(
                call.requestId(),
                exchange.getVariable("agent", Agent.class).name(),
                target.provider().name(),
                target.model(),
                exchange.getVariable("caller", Caller.class).kind(),
                call.stream(),
                usage,
                finishReason,
                trouble,
                call.modelNanos(),
                (System.nanoTime() - call.startedNanos()) / 1_000_000);
    }
}
