package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.Multipart;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many bytes a user may have. */
final class ContentQuotaTest {
    private static final int QUOTA = 10_000;

    @ParameterizedTest
    @EnumSource(Store.class)
    void uploadsAtTheSameTime_cannotBothHaveTheLastBytes(Store store) throws Exception {
        try (RunningPortal portal = start(store)) {
            List<Callable<HttpResponse<String>>> uploads = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String name = "file " + i;
                byte[] content = content(i, 4_000);
                uploads.add(() -> upload(portal, name, content));
            }
            ExecutorService threads = Executors.newFixedThreadPool(12);
            List<Integer> statuses = new ArrayList<>();
            for (Future<HttpResponse<String>> done : threads.invokeAll(uploads)) {
                statuses.add(done.get().statusCode());
            }
            threads.shutdown();

            assertThat(statuses).containsOnly(200, 413);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(2);
            assertThat(stored(portal)).isEqualTo(2);
            RunningGateway.await("no upload is left", () -> incoming(portal) == 0);
        }
    }

    @Test
    void aFileTooMany_isRefusedWithTheFigures_untilOthersAreDeleted() {
        try (RunningPortal portal = start(Store.SQLITE)) {
            assertThat(upload(portal, "first", content(1, 6_000)).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = upload(portal, "second", content(2, 4_001));

            assertThat(refused.statusCode()).isEqualTo(413);
            JsonNode details = Json.of(refused).path("details");
            assertThat(details.path("used").asInt()).isEqualTo(6_000);
            assertThat(details.path("quota").asInt()).isEqualTo(QUOTA);
            assertThat(details.path("needed").asInt()).isEqualTo(4_001);
            assertThat(Json.of(refused).path("message").asText())
                    .contains("6000 bytes of 10000 that you may have (portal.content.quota-bytes)", "4001 more");
            assertThat(stored(portal)).isEqualTo(1);

            assertThat(upload(portal, "third", content(3, 4_000)).statusCode()).isEqualTo(200);
            portal.ok(portal.adminKey(), "DELETE", "/api/content?fileName=first", "");
            assertThat(upload(portal, "second", content(2, 4_001)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFullUser_isRefusedBeforeTheBodyIsTaken() {
        try (RunningPortal portal = start(Store.SQLITE)) {
            assertThat(upload(portal, "all", content(1, QUOTA)).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = upload(portal, "more", content(2, 1));

            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.headers().firstValue("connection")).contains("close");
        }
    }

    private static RunningPortal start(Store store) {
        return RunningPortal.start(store, "portal.content.quota-bytes", Integer.toString(QUOTA));
    }

    private static HttpResponse<String> upload(RunningPortal portal, String name, byte[] content) {
        HttpResponse<String> answer = portal.gateway()
                .send(portal.gateway()
                        .request("/api/content", "Content-Type", Multipart.TYPE)
                        .header("Authorization", "Bearer " + portal.adminKey())
                        .POST(BodyPublishers.ofByteArray(
                                new Multipart().file(name, content).bytes()))
                        .build());
        portal.check(answer);
        return answer;
    }

    private static byte[] content(int of, int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) ('a' + of));
        return content;
    }

    private static long stored(RunningPortal portal) {
        return files(portal.gateway().home().resolve("data/content"), "[0-9a-f]{64}");
    }

    private static long incoming(RunningPortal portal) {
        return files(portal.gateway().home().resolve("data/content/incoming"), ".*");
    }

    private static long files(Path folder, String pattern) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> String.valueOf(file.getFileName()).matches(pattern))
                    .count();
        } catch (IOException changedMeanwhile) {
            return -1;
        }
    }
}
