package ai.robutler.portal.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.User;
import ai.robutler.portal.user.UserRepository;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Time, restarts and limits of the search, on both databases, with a clock and a model of the test's. */
@ParameterizedClass
@EnumSource(Store.class)
final class DiscoveryTest {
    private static final int MOST = 5;
    private static final DiscoverySettings SETTINGS =
            new DiscoverySettings(true, Duration.ofHours(1), Duration.ofHours(1), MOST);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final UserRepository users = new UserRepository();
    private final Database database;
    private final User user = User.create("Ann", Optional.empty(), User.Role.USER, 0);
    private CountingEmbedder model = new CountingEmbedder();
    private Discovery discovery;

    DiscoveryTest(Store store, @TempDir Path folder) {
        String url = store.settings().getOrDefault("database.url", "");
        database = Database.open(DatabaseAddress.of(url, folder), 4, Duration.ofSeconds(5));
        database.change(handle -> users.insert(handle, user));
        discovery = started();
    }

    @AfterEach
    void close() {
        discovery.close();
        database.close();
    }

    @Test
    void anIntent_showsUntilItExpires_andNotAtThatMoment() {
        publish("bake bread", 1);

        pass(Duration.ofDays(1).minusMillis(1));
        assertThat(found("bake bread")).isEqualTo(1);
        assertThat(listed()).isEqualTo(1);

        pass(Duration.ofMillis(1));
        assertThat(found("bake bread")).isZero();
        assertThat(listed()).isZero();
    }

    @Test
    void anExpiredIntent_publishedAgain_showsAgainUnderItsId() {
        JsonNode first = publish("bake bread", 1);
        pass(Duration.ofDays(2));

        JsonNode second = publish("bake bread", 1);

        assertThat(second.path("intent_id")).isEqualTo(first.path("intent_id"));
        assertThat(found("bake bread")).isEqualTo(1);
    }

    @Test
    void delete_ofAnExpiredIntent_isRefused() {
        String id = publish("bake bread", 1).path("intent_id").asText();
        pass(Duration.ofDays(2));

        assertThatThrownBy(() -> api().delete(request("{\"intent_id\":\"" + id + "\"}")))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void purge_removesWhatHasExpired_andNothingElse() {
        publish("bake bread", 1);
        publish("bake cake", 3);
        pass(Duration.ofDays(2));

        discovery.upkeep().purge();

        assertThat(rows("intents")).isEqualTo(1);
        assertThat(found("bake cake")).isEqualTo(1);
    }

    @Test
    void purge_takesAtMostOneBatchAtATime() {
        publish("bake bread", 1);
        publish("bake cake", 1);
        pass(Duration.ofDays(2));
        IntentRepository repository = new IntentRepository();

        int first = database.write(
                handle -> repository.purge(handle, clock.millis(), 1).size());

        assertThat(first).isEqualTo(1);
        assertThat(rows("intents")).isEqualTo(1);
    }

    @Test
    void purge_keepsVectors_untilNobodyHasUsedThemForLong() {
        publish("bake bread", 1);
        assertThat(rows("phrase_vectors")).isEqualTo(1);

        pass(Duration.ofDays(399));
        discovery.upkeep().purge();
        assertThat(rows("phrase_vectors")).isEqualTo(1);

        pass(Duration.ofDays(2));
        discovery.upkeep().purge();
        assertThat(rows("phrase_vectors")).isZero();
    }

    @Test
    void afterARestart_everythingIsFound_andNothingIsEmbeddedAgain() {
        publish("bake bread", 1);
        publish("sing songs", 1);
        assertThat(model.embedded).hasValue(2);

        restart();

        assertThat(model.embedded).hasValue(0);
        assertThat(found("bake bread")).isEqualTo(1);
        assertThat(found("sing songs")).isEqualTo(1);
    }

    @Test
    void afterARestart_vectorsThatAreUsed_stay() {
        publish("bake bread", 365);
        pass(Duration.ofDays(300));
        restart();
        pass(Duration.ofDays(200));

        discovery.upkeep().purge();

        assertThat(rows("phrase_vectors")).isEqualTo(1);
    }

    @Test
    void aRowThatIsGone_isNotTold_andForgotten() {
        publish("bake bread", 1);
        database.change(handle -> handle.execute("DELETE FROM intents"));

        assertThat(found("bake bread")).isZero();
        assertThat(search("bake bread").at("/data/debug/totalCandidates").asInt())
                .isZero();
    }

    @Test
    void aRowThatCannotBeRead_isLeftOut() {
        publish("bake bread", 1);
        database.change(handle -> handle.execute("UPDATE intents SET expires_at = 1"));

        assertThat(found("bake bread")).isZero();
    }

    @Test
    void aUser_mayPublishSoManyIntentsAtATime() {
        for (int i = 0; i < MOST; i++) {
            publish("number " + i, 1);
        }

        assertThatThrownBy(() -> publish("one more", 1))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(rows("intents")).isEqualTo(MOST);

        publish("number 1", 2);
        pass(Duration.ofDays(1));
        publish("one more", 1);
    }

    private Discovery started() {
        Discovery made = new Discovery(database, SETTINGS, clock, () -> model);
        made.start();
        RunningGateway.await("everything is in memory", () -> made.upkeep().isLoaded());
        return made;
    }

    private void restart() {
        discovery.close();
        model = new CountingEmbedder();
        discovery = started();
        atRest();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private void atRest() {
        RunningGateway.await("every intent has its vector", () -> {
            JsonNode health = discovery.intentSearchApi(name -> name).health(request("{}"));
            return health.path("ready").asBoolean() && health.path("waiting").asInt() == 0;
        });
    }

    private IntentApi api() {
        return discovery.intentApi(users, new FirstAnswers(database, clock), name -> name);
    }

    private JsonNode publish(String intent, int days) {
        JsonNode published = api().create(request("{\"intent\":\"" + intent
                + "\",\"agent_id\":\"ext\",\"url\":\"https://e.org\",\"ttl_days\":" + days + "}"));
        atRest();
        return published;
    }

    private int found(String text) {
        return search(text).at("/data/results").size();
    }

    private JsonNode search(String text) {
        return discovery
                .intentSearchApi(name -> name)
                .search(request("{\"intent\":\"" + text + "\",\"min_similarity\":0.99}"));
    }

    private int listed() {
        return api().list(request("{}")).path("intents").size();
    }

    private long rows(String table) {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    private PortalRequest request(String json) {
        KeyOwner owner = new KeyOwner(
                "key", user.id(), false, Optional.empty(), Set.of(), OptionalLong.empty(), Optional.empty(), Set.of());
        return new PortalRequest(
                "POST",
                "/api/intents",
                Map.of(),
                Map.of(),
                (ObjectNode) Json.read(json),
                Optional.of(owner),
                Optional.empty(),
                Optional.empty(),
                "req_1");
    }
}
