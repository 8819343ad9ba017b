package ai.robutler.gateway.operations;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;

/** The {@code publicResources} bean: texts that are served as they are. */
public final class Resources {
    private final PrometheusMeterRegistry registry;
    private final byte[] openApi;

    /** Reads what does not change. */
    public Resources(PrometheusMeterRegistry registry) {
        this.registry = registry;
        this.openApi = OpenApi.document().toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code GET /openapi.json}. */
    public byte[] openApi() {
        return openApi.clone();
    }

    /** {@code GET /metrics}, in Prometheus' text format. */
    public String metrics() {
        return registry.scrape();
    }
}
