package ai.robutler.gateway.usage;

import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code usageLog} bean: one line and the meters for each answer. */
public final class UsageLog {
    private static final Logger LOG = LoggerFactory.getLogger("usage");

    private final GatewayMeters meters;

    /** A log that feeds these meters. */
    public UsageLog(GatewayMeters meters) {
        this.meters = meters;
    }

    /** Records what an answer took. */
    public void record(@Variable("usage") UsageRecord usage) {
        meters.answer(usage);
        LOG.info(
                "usage requestId={} agent={} provider={} model={} stream={} promptTokens={} completionTokens={}"
                        + " estimated={} finishReason={} trouble={} durationMs={}",
                usage.requestId(),
                usage.agent(),
                usage.provider(),
                usage.model(),
                usage.stream(),
                usage.usage().promptTokens(),
                usage.usage().completionTokens(),
                usage.usage().estimated(),
                usage.finishReason(),
                usage.trouble().isEmpty() ? "none" : usage.trouble(),
                usage.durationMs());
    }
}
