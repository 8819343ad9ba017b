package ai.robutler.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FakeModelServer;
import ai.robutler.support.RunningGateway;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callers that nobody has seen before, all at once. */
final class UnknownCallersTest {
    private static final int ALLOWED = 5;

    @Test
    @DisplayName("R3: the first requests of an unknown caller are limited however many come at once")
    void firstRequestsOfAnUnknownCaller_areLimitedFromTheFirst() {
        try (FakeModelServer model = new FakeModelServer();
                RunningGateway gateway =
                        RunningGateway.start(model, "gateway.rate-limit.minute", String.valueOf(ALLOWED))) {
            List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 64)
                    .mapToObj(i -> gateway.client()
                            .sendAsync(
                                    gateway.request("/assistant", "X-User-ID", "new-" + i)
                                            .build(),
                                    BodyHandlers.ofString()))
                    .toList();

            assertThat(all.stream().map(answer -> answer.join().statusCode()))
                    .filteredOn(status -> status == 200)
                    .hasSize(ALLOWED);
            assertThat(all.stream().map(answer -> answer.join().statusCode())).containsOnly(200, 429);
        }
    }

    @Test
    @DisplayName("R10: the limits are said to be counted by process")
    void stats_sayThatLimitsAreCountedByProcess() throws Exception {
        try (FakeModelServer model = new FakeModelServer();
                RunningGateway gateway = RunningGateway.start(model)) {
            assertThat(new ObjectMapper()
                            .readTree(gateway.get("/stats").body())
                            .at("/rate_limiting/scope")
                            .asText())
                    .isEqualTo("process");
        }
    }
}
