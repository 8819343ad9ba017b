package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import ai.robutler.api.portal.PortalAgent;
import ai.robutler.api.portal.PortalChanges;
import ai.robutler.portal.Changes;
import ai.robutler.portal.EmbeddedPortal;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.key.ApiKey;
import ai.robutler.portal.key.KeyRepository;
import ai.robutler.portal.key.KeyText;
import ai.robutler.portal.key.KeyUse;
import ai.robutler.portal.key.KeyUseRepository;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.User;
import ai.robutler.portal.user.UserRepository;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What belongs together is stored together, and who must know is told; on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class AgentTransactionTest {
    private static final String AGENT = "{\"name\":\"planner\",\"instructions\":\"Plan.\",\"creditsPerToken\":0.5,"
            + "\"skills\":{\"auth\":{}},\"tools\":[\"chart\"],\"isPublic\":true}";

    private final Store store;

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private final KeyRepository keys = new KeyRepository();
    private final List<String> told = new ArrayList<>();
    private final Changes changes = new Changes();
    private boolean listenerFails;
    private Database database;
    private String ownersKey;
    private AgentApi api;
    private EmbeddedPortal portal;

    AgentTransactionTest(Store store) {
        this.store = store;
    }

    @BeforeEach
    void open() {
        String url = store.settings().getOrDefault("database.url", "");
        database = Database.open(DatabaseAddress.of(url, folder), 4, Duration.ofSeconds(5));
        AgentRepository repository = new AgentRepository();
        Agents agents =
                new Agents(repository, new AgentKeys(keys, clock), new Mirror(), name -> name.equals("static"), clock);
        api = new AgentApi(
                database,
                new FirstAnswers(database, clock),
                agents,
                new AgentJson(() -> "https://agents.example.org"),
                changes);
        portal = new EmbeddedPortal(
                database,
                keys,
                new KeyUse(database, new KeyUseRepository(), Duration.ofSeconds(30), clock),
                repository,
                clock);
        changes.add(new Told());
        ownersKey = KeyText.next();
        User owner = User.create("Ann", Optional.empty(), User.Role.USER, clock.millis());
        database.change(handle -> {
            new UserRepository().insert(handle, owner);
            keys.insert(handle, ApiKey.create("main", owner.id(), ownersKey, clock.millis()), ownersKey);
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    private PortalRequest request(String method, String json) {
        return new PortalRequest(
                method,
                "/api/agents",
                Map.of("agent", "planner"),
                Map.of(),
                (ObjectNode) Json.read(json),
                portal.authenticate(ownersKey),
                Optional.empty(),
                Optional.empty(),
                "req_1");
    }

    private int count(String table) {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void create_whoseKeyCannotBeStored_leavesNothing() {
        // every key has the same owner's name from here on: the agent's key is a duplicate
        database.change(handle -> handle.execute("CREATE UNIQUE INDEX one_key_each ON api_keys (user_id)"));

        assertThatThrownBy(() -> api.create(request("POST", AGENT))).isNotInstanceOf(ApiException.class);

        assertThat(count("agents")).isZero();
        assertThat(count("api_keys")).isOne();
        assertThat(portal.findAgent("planner")).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void create_whoseListenerFails_leavesNothing() {
        listenerFails = true;

        assertThatThrownBy(() -> api.create(request("POST", AGENT))).isInstanceOf(IllegalStateException.class);

        assertThat(count("agents")).isZero();
        assertThat(count("api_keys")).isOne();
        assertThat(told).isEmpty();
    }

    @Test
    void create_isToldOfInsideAndAfterTheTransaction() {
        api.create(request("POST", AGENT));

        assertThat(told).containsExactly("saved planner", "agent planner");
    }

    @Test
    void rename_isToldOfUnderBothNames() {
        api.create(request("POST", AGENT));
        told.clear();

        api.change(request("PATCH", "{\"name\":\"scheduler\"}"));

        assertThat(told).containsExactly("saved scheduler", "agent planner", "agent scheduler");
        assertThat(portal.findAgent("planner")).isEmpty();
        assertThat(portal.findAgent("scheduler")).isPresent();
    }

    @Test
    void change_whoseListenerFails_changesNothing() {
        api.create(request("POST", AGENT));
        told.clear();
        listenerFails = true;

        assertThatThrownBy(() -> api.change(request("PATCH", "{\"name\":\"scheduler\"}")))
                .isInstanceOf(IllegalStateException.class);

        assertThat(told).isEmpty();
        assertThat(portal.findAgent("planner")).isPresent();
    }

    @Test
    void delete_revokesTheKeysAndTellsOfThem() {
        String key = api.create(request("POST", AGENT)).path("rawApiKey").asText();
        String keyId = portal.authenticate(key).orElseThrow().keyId();
        told.clear();

        api.delete(request("DELETE", "{}"));

        assertThat(portal.authenticate(key)).isEmpty();
        assertThat(told).containsExactly("deleted", "agent planner", "key " + keyId);
    }

    @Test
    void delete_takesTheAgentsIntentsAway() {
        String id = api.create(request("POST", AGENT)).path("id").asText();
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO intents (id, natural_key, user_id, agent, of_agent, intent, protocol, subpath, rank,
                          created_at, updated_at)
                        SELECT 'i', 'k', owner_id, id, id, 'plan', 'openai/completions', '/chat/completions', 0, 0, 0
                        FROM agents WHERE id = :id""").bind("id", id).execute());

        api.delete(request("DELETE", "{}"));

        assertThat(count("intents")).isZero();
    }

    @Test
    void findAgent_isWhatServingItNeeds() {
        String id = api.create(request("POST", AGENT)).path("id").asText();

        PortalAgent agent = portal.findAgent("planner").orElseThrow();

        assertThat(agent.id()).isEqualTo(id);
        assertThat(agent.instructions()).isEqualTo("Plan.");
        assertThat(agent.skills()).containsExactly("auth");
        assertThat(agent.tools()).containsExactly("chart");
        assertThat(agent.isPublic()).isTrue();
        assertThat(agent.pricing().creditsPerToken().orElseThrow()).isEqualByComparingTo("0.5");
        assertThat(agent.pricing().creditsPerCall()).isEmpty();
        assertThat(portal.findAgent(id)).isEmpty();
    }

    @Test
    void url_beginsAsItIsSet() {
        assertThat(api.create(request("POST", AGENT)).path("url").asText())
                .isEqualTo("https://agents.example.org/planner");
    }

    private final class Mirror implements AgentListener {
        @Override
        public void saved(Handle handle, StoredAgent agent) {
            if (listenerFails) {
                throw new IllegalStateException("the mirror is broken");
            }
            told.add("saved " + agent.name());
        }

        @Override
        public void deleted(Handle handle, String id) {
            told.add("deleted");
        }
    }

    private final class Told implements PortalChanges {
        @Override
        public void agentChanged(String name) {
            told.add("agent " + name);
        }

        @Override
        public void keyChanged(String keyId) {
            told.add("key " + keyId);
        }

        @Override
        public void everythingChanged() {
            told.add("everything");
        }
    }
}
