package ai.robutler.gateway.operations;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The {@code publicResources} bean: texts that are served as they are. */
public final class Resources {
    private final PrometheusMeterRegistry registry;
    private final byte[] openApi;

    /** Reads what does not change. */
    public Resources(PrometheusMeterRegistry registry) {
        this.registry = registry;
        try (InputStream document = Resources.class.getResourceAsStream("/ai/robutler/openapi.json")) {
            if (document == null) {
                throw new IllegalStateException("the build left out openapi.json");
            }
            this.openApi = document.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
