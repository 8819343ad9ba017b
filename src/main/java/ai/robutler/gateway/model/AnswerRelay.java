package ai.robutler.gateway.model;

import ai.robutler.gateway.agent.Agent;
import ai.robutler.gateway.chat.ChatRequest;
import ai.robutler.gateway.idempotency.AnswerClaim;
import ai.robutler.gateway.usage.UsageRecord;
import ai.robutler.http.AsyncHttpEngine;
import ai.robutler.http.HttpCall;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * The {@code answerRelay} step: gives the caller what the model answers, and sets the variable {@code usage}. A stream is
 * written here, event by event, and the step ends when the stream does; a whole answer becomes the body.
 */
public final class AnswerRelay extends AsyncProcessorSupport {
    private static final long SALT = new SecureRandom().nextLong();

    private final AsyncHttpEngine engine;
    private final Executor steps;
    private final Supplier<CircuitBreakerRegistry> breakers;
    private final Clock clock;
    private final Times times;

    /**
     * When something is done for a stream that stands still.
     *
     * @param keepAlive silence after which a comment is sent
     * @param stall how long a caller may leave a stream unread
     */
    public record Times(Duration keepAlive, Duration stall) {}

    /**
     * @param steps where the route goes on
     * @param breakers told of streams that break midway
     */
    public AnswerRelay(
            AsyncHttpEngine engine,
            Executor steps,
            Supplier<CircuitBreakerRegistry> breakers,
            Clock clock,
            Times times) {
        this.engine = engine;
        this.steps = steps;
        this.breakers = breakers;
        this.clock = clock;
        this.times = times;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            HttpCall call = HttpCall.of(exchange);
            ChatRequest request = exchange.getVariable("chatRequest", ChatRequest.class);
            Agent agent = exchange.getVariable("agent", Agent.class);
            ModelPlan plan = exchange.getVariable("modelPlan", ModelPlan.class);
            ModelAnswer answer = exchange.getVariable("modelAnswer", ModelAnswer.class);
            AnswerHead head = new AnswerHead(
                    newId(), clock.instant().getEpochSecond(), request.model().orElse(agent.name()));
            UsageMeter meter = new UsageMeter(plan.modelRequest());
            if (!request.stream() && answer instanceof ModelAnswer.Whole whole) {
                writeWhole(exchange, whole, head, meter);
                callback.done(true);
                return true;
            }
            boolean java = "java".equalsIgnoreCase(call.request().getHeader("X-Stainless-Lang"));
            ChunkRewriter rewriter = new ChunkRewriter(head, request.includeUsage(), !java, meter);
            StreamRelay relay = new StreamRelay(
                    call,
                    answer,
                    rewriter,
                    times,
                    steps,
                    keeper(exchange, call),
                    outcome -> goOn(exchange, callback, outcome));
            call.streaming();
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, streamType(call));
            engine.copyHeaders(exchange);
            call.context().runOnContext(now -> relay.start());
            return false;
        } catch (RuntimeException failure) {
            exchange.setException(failure);
            callback.done(true);
            return true;
        }
    }

    private static void writeWhole(Exchange exchange, ModelAnswer.Whole whole, AnswerHead head, UsageMeter meter) {
        ChatCompletions.Written written = ChatCompletions.write(whole.completion(), head, meter);
        byte[] body = written.body().toString().getBytes(StandardCharsets.UTF_8);
        exchange.setVariable(
                "usage", UsageRecord.of(exchange, whole.target(), written.usage(), written.finishReason(), ""));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        exchange.getMessage().setBody(body);
        AnswerClaim.of(exchange).ifPresent(claim -> claim.complete("application/json", body));
    }

    private static @Nullable Consumer<byte[]> keeper(Exchange exchange, HttpCall call) {
        return AnswerClaim.of(exchange)
                .<Consumer<byte[]>>map(claim -> whole -> claim.complete(streamType(call), whole))
                .orElse(null);
    }

    private void goOn(Exchange exchange, AsyncCallback callback, StreamRelay.Outcome outcome) {
        try {
            steps.execute(() -> finish(exchange, callback, outcome));
        } catch (RejectedExecutionException busy) {
            // the answer is out: what is left is short, and must not be lost
            finish(exchange, callback, outcome);
        }
    }

    private void finish(Exchange exchange, AsyncCallback callback, StreamRelay.Outcome outcome) {
        if (outcome.providerFailed()) {
            reportFailure(outcome);
        }
        exchange.setVariable(
                "usage",
                UsageRecord.of(exchange, outcome.target(), outcome.usage(), outcome.finishReason(), outcome.trouble()));
        if (!outcome.trouble().isEmpty()) {
            HttpCall.of(exchange).failedWith(outcome.trouble());
        }
        callback.done(false);
    }

    /** A stream that broke midway is the provider's failure too, though its breaker saw it begin well. */
    private void reportFailure(StreamRelay.Outcome outcome) {
        breakers.get()
                .find(outcome.target().breaker())
                .ifPresent(breaker -> breaker.onError(
                        outcome.nanos(), TimeUnit.NANOSECONDS, ProviderFailure.broken("the stream broke")));
    }

    /** The type that event clients want; the older plain one only for those that ask for it and for nothing else. */
    private static String streamType(HttpCall call) {
        String accept = Objects.requireNonNullElse(call.request().getHeader("Accept"), "");
        return accept.contains("text/plain") && !accept.contains("event-stream")
                ? "text/plain; charset=utf-8"
                : "text/event-stream; charset=utf-8";
    }

    private static String newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "chatcmpl-" + hex.toHexDigits(random.nextLong() ^ SALT) + hex.toHexDigits(random.nextInt());
    }
}
