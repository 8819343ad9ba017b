package ai.robutler.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.support.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many wrong keys are looked up. */
final class AuthFailuresTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger lookUps = new AtomicInteger();
    private final AuthFailures failures = new AuthFailures(3, 1000, now::get);

    private Optional<Principal> find(String address, String key) {
        return now(failures.find(address, key, text -> {
            lookUps.incrementAndGet();
            return CompletableFuture.completedFuture(
                    text.startsWith("good")
                            ? Optional.of(new Principal(text, "u", false, Set.of(), Optional.empty()))
                            : Optional.empty());
        }));
    }

    private static Optional<Principal> now(CompletionStage<Optional<Principal>> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw (ApiException) failed.getCause();
        }
    }

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(find(address, "bad " + i)).isEmpty();
        }
    }

    @Test
    void afterTheLastThatIsAllowed_nothingIsLookedUp_untilTheMinuteIsOver() {
        fail("10.0.0.1", 3);
        now.addAndGet(Duration.ofSeconds(20).toNanos());

        assertThatThrownBy(() -> find("10.0.0.1", "good"))
                .asInstanceOf(type(ApiException.class))
                .returns(ErrorCode.RATE_LIMITED, ApiException::code)
                .returns(40L, ApiException::retryAfterSeconds);
        assertThat(lookUps).hasValue(3);

        now.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(find("10.0.0.1", "good")).isPresent();
    }

    @Test
    void anotherAddress_isNotShutOut_butAnotherOfTheSameSubscriberIs() {
        fail("2001:db8:0:1::1", 3);

        assertThat(find("10.0.0.2", "good")).isPresent();
        assertThatThrownBy(() -> find("2001:db8:0:2::9", "good too")).isInstanceOf(ApiException.class);
    }

    @Test
    void keyThatWasAcceptedBefore_isLookedUpAllTheSame() {
        find("10.0.0.1", "good");
        fail("10.0.0.1", 3);

        assertThat(find("10.0.0.1", "good")).isPresent();
        assertThatThrownBy(() -> find("10.0.0.1", "good too")).isInstanceOf(ApiException.class);
    }

    @Test
    void rightKeys_areNotCounted_andAFailedLookUpIsNoWrongKey() {
        for (int i = 0; i < 10; i++) {
            assertThat(find("10.0.0.1", "good " + i)).isPresent();
            assertThatThrownBy(() -> now(failures.find(
                            "10.0.0.1",
                            "any",
                            text -> CompletableFuture.failedFuture(ApiException.of(ErrorCode.UNAVAILABLE, "down")))))
                    .asInstanceOf(type(ApiException.class))
                    .returns(ErrorCode.UNAVAILABLE, ApiException::code);
        }
    }

    @Test
    void wrongKeysOverHttp_are401AndThen429_whileKnownKeysGoOn() {
        try (RunningPortal portal = RunningPortal.start(Store.SQLITE, "gateway.auth-failures-per-minute", "10")) {
            portal.ok(portal.adminKey(), "GET", "/api/user", "");
            for (int i = 0; i < 10; i++) {
                portal.refused(401, "rok_wrong_number_" + i, "GET", "/api/user", "");
            }

            HttpResponse<String> portals = portal.call("rok_wrong_number_11", "GET", "/api/user", "");
            HttpResponse<String> chats = portal.gateway().chat("Hello!", "X-API-Key", "rok_wrong_number_12");

            assertThat(portals.statusCode()).isEqualTo(429);
            assertThat(Json.of(portals).at("/details/limit").asText()).isEqualTo("failed_authentications_per_minute");
            assertThat(chats.statusCode()).isEqualTo(429);
            JsonNode error = Json.of(chats).path("error");
            assertThat(error.path("code").asText()).isEqualTo("too_many_requests");
            assertThat(error.path("limit").asText()).isEqualTo("failed_authentications_per_minute");
            assertThat(chats.headers().firstValue("Retry-After"))
                    .hasValue(error.path("retry_after").asText());
            portal.ok(portal.adminKey(), "GET", "/api/user", "");
            assertThat(portal.gateway().chat("Hello!").statusCode()).isEqualTo(200);
        }
    }
}
