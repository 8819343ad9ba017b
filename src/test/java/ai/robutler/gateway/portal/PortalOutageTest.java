package ai.robutler.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.FaultyProxy;
import ai.robutler.support.FaultyProxy.Fault;
import ai.robutler.support.Json;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers see while the portal, which is another server, is down. */
final class PortalOutageTest {
    private static final String AGENT = "known";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static RunningPortal portal;
    private static FaultyProxy proxy;
    private static RunningGateway gateway;
    private static String key;

    @BeforeAll
    static void start() {
        portal = RunningPortal.start(Store.SQLITE);
        proxy = new FaultyProxy(portal.gateway().uri("/"));
        key = portal.newUserKey();
        portal.ok(key, "POST", "/api/agents", "{\"name\":\"" + AGENT + "\",\"instructions\":\"Be kind.\"}");
        gateway = RunningGateway.start(
                portal.model(),
                "portal.mode",
                "remote",
                "portal.url",
                proxy.address(),
                "portal.api-key",
                portal.adminKey(),
                "gateway.agents.ttl",
                "200ms",
                "gateway.keys.ttl",
                "200ms",
                "gateway.portal.try-timeout",
                "1s",
                "gateway.portal.breaker.open-seconds",
                "1");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        proxy.close();
        portal.close();
    }

    @AfterEach
    void heal() {
        proxy.fail(Fault.NONE);
        RunningGateway.await(
                "the portal is asked again",
                () -> ask("no-" + NUMBER.incrementAndGet(), "").statusCode() == 404);
    }

    private static HttpResponse<String> ask(String agent, String apiKey) {
        String[] headers = apiKey.isEmpty() ? new String[0] : new String[] {"Authorization", "Bearer " + apiKey};
        return gateway.post("/" + agent + "/chat/completions", RunningGateway.message("hi", false), headers);
    }

    private static HttpResponse<String> askUnknown() {
        return ask("unknown-" + NUMBER.incrementAndGet(), "");
    }

    private static boolean isBreakerOpen() {
        return Json.of(gateway.get("/health/detailed"))
                .at("/circuit_breakers/portal/state")
                .asText()
                .equals("open");
    }

    private static void failUntilTheBreakerIsOpen(Fault fault) {
        proxy.fail(fault);
        RunningGateway.await("the breaker is open", () -> {
            assertUnavailable(askUnknown());
            return isBreakerOpen();
        });
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(Json.of(answer).at("/error/code").asText()).isEqualTo("service_unavailable");
        assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REFUSED", "HANGING", "BROKEN", "GARBAGE"})
    void outage_leavesWhatIsKnown_andAnswers503ForTheRest(Fault fault) {
        assertThat(ask(AGENT, key).statusCode()).isEqualTo(200);
        long known = System.nanoTime();

        failUntilTheBreakerIsOpen(fault);
        RunningGateway.await(
                "what is known is old", () -> System.nanoTime() - known > TimeUnit.MILLISECONDS.toNanos(300));

        assertThat(ask(AGENT, key).statusCode()).isEqualTo(200);
        assertThat(ask("assistant", "").statusCode()).isEqualTo(200);
        assertThat(ask(AGENT, "").statusCode()).isEqualTo(404);
        assertUnavailable(askUnknown());
        assertUnavailable(ask("assistant", "rok_of_somebody_whom_nobody_knows_yet"));
    }

    @Test
    void outage_isToldByReadyAndMetrics_andItsEndToo() {
        failUntilTheBreakerIsOpen(Fault.BROKEN);

        HttpResponse<String> down = gateway.get("/ready");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(Json.of(down).at("/details/dynamic_agent_factory").asText()).isEqualTo("not_ready");
        assertThat(gateway.get("/metrics").body()).contains("robutler_circuit_breaker_state{name=\"portal\"} 1");

        proxy.fail(Fault.NONE);
        RunningGateway.await("it is ready again", () -> gateway.get("/ready").statusCode() == 200);
        RunningGateway.await(
                "unknown agents are unknown again", () -> askUnknown().statusCode() == 404);
    }

    @Test
    void slowPortal_isWaitedFor() {
        proxy.fail(Fault.SLOW);

        assertThat(askUnknown().statusCode()).isEqualTo(404);
        assertThat(ask(AGENT, key).statusCode()).isEqualTo(200);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REFUSED", "HANGING"})
    void aMinute_inFigures(Fault fault) {
        assertThat(ask(AGENT, key).statusCode()).isEqualTo(200);
        failUntilTheBreakerIsOpen(fault);
        List<Long> unknown = new ArrayList<>();
        List<Long> known = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end) {
            unknown.add(millis(() -> assertUnavailable(askUnknown())));
            known.add(millis(() -> assertThat(ask(AGENT, key).statusCode()).isEqualTo(200)));
        }
        proxy.fail(Fault.NONE);
        long recovery = millis(() -> RunningGateway.await(
                "unknown agents are unknown again", () -> askUnknown().statusCode() == 404));
        System.out.println(fault + ": 503 " + figures(unknown) + ", known " + figures(known) + ", recovery " + recovery
                + " ms, calls to the portal " + proxy.count());
        assertThat(recovery).isLessThan(5_000);
    }

    private static long millis(Runnable step) {
        long begun = System.nanoTime();
        step.run();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private static String figures(List<Long> times) {
        Collections.sort(times);
        return times.size() + " answers, p50 " + times.get(times.size() / 2) + " p99 "
                + times.get(times.size() * 99 / 100) + " max " + times.get(times.size() - 1) + " ms";
    }
}
