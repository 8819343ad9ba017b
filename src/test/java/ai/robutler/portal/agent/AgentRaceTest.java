package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What many callers at once make of one agent, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentRaceTest {
    private static final int CALLERS = 16;

    private final RunningPortal portal;
    private final String name = "r-" + UUID.randomUUID();
    private final String body = "{\"name\":\"" + name + "\",\"instructions\":\"x\"}";

    AgentRaceTest(Store store) {
        portal = RunningPortal.shared(store);
    }

    private static List<HttpResponse<String>> together(IntFunction<HttpResponse<String>> call) {
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<HttpResponse<String>>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                running.add(pool.submit(() -> {
                    start.await();
                    return call.apply(caller);
                }));
            }
            start.countDown();
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : running) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void create_ofOneName_isDoneOnce_andTheOthersAre409() {
        List<HttpResponse<String>> answers = together(i -> portal.call(portal.adminKey(), "POST", "/api/agents", body));

        List<Integer> expected = new ArrayList<>(Collections.nCopies(CALLERS, 409));
        expected.set(0, 200);
        assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 409)
                .allSatisfy(answer -> assertThat(
                                Json.of(answer).at("/details/param").asText())
                        .isEqualTo("name"));
    }

    @Test
    void create_underOneIdempotencyKey_isDoneOnce_andAllGetTheSameAnswer() {
        List<HttpResponse<String>> answers =
                together(i -> portal.call(portal.adminKey(), "POST", "/api/agents", body, "Idempotency-Key", name));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
    }

    @Test
    void rename_toOneName_isDoneOnce() {
        for (int i = 0; i < CALLERS; i++) {
            portal.ok(portal.adminKey(), "POST", "/api/agents", body.replace(name, name + i));
        }

        List<HttpResponse<String>> answers = together(
                i -> portal.call(portal.adminKey(), "PATCH", "/api/agents/" + name + i, "{\"name\":\"" + name + "\"}"));

        assertThat(answers.stream().filter(answer -> answer.statusCode() == 200))
                .hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 409))
                .hasSize(CALLERS - 1);
    }

    @Test
    void change_ofDifferentFields_losesNone() {
        portal.ok(portal.adminKey(), "POST", "/api/agents", body);
        String[] fields = {"description", "model", "greetingMessage"};

        together(i ->
                portal.call(portal.adminKey(), "PATCH", "/api/agents/" + name, "{\"" + fields[i % 3] + "\":\"set\"}"));

        var agent = portal.ok(portal.adminKey(), "GET", "/api/agents/" + name, "");
        for (String field : fields) {
            assertThat(agent.path(field).asText()).as(field).isEqualTo("set");
        }
    }
}
