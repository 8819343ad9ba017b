package ai.robutler.portal.key;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.api.portal.KeyOwner;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What limited keys and keys of agents may do. */
final class KeyAccessTest {
    private final RunningPortal portal = RunningPortal.shared(Store.SQLITE);

    private static KeyOwner owner(
            Optional<String> agent, Set<String> allowed, OptionalLong daily, String... permissions) {
        return new KeyOwner("k", "u", false, agent, allowed, daily, Optional.empty(), Set.of(permissions));
    }

    private static KeyOwner limitedTo(String... permissions) {
        return owner(Optional.empty(), Set.of(), OptionalLong.empty(), permissions);
    }

    private String keyWith(String user, String fields) {
        return portal.ok(user, "POST", "/api/api-keys", "{\"name\":\"k\"," + fields + "}")
                .path("rawKey")
                .asText();
    }

    @ParameterizedTest
    @CsvSource({
        "user,     GET,    /api/user,                     true",
        "user,     POST,   /api/user/transactions,        true",
        "user,     GET,    /api/api-keys,                 false",
        "keys,     GET,    /api/api-keys,                 true",
        "keys,     DELETE, /api/api-keys/1,               true",
        "keys,     POST,   /api/api-keys,                 false",
        "keys,     POST,   /api/api-keys/1/rotate,        false",
        "read,     GET,    /api/user/transactions,        true",
        "read,     POST,   /api/user/transactions,        false",
        "read,     POST,   /api/agents/search,            true",
        "read,     POST,   /api/intents/list,             true",
        "read,     POST,   /api/intents/create,           false",
        "agents,   POST,   /api/agents,                   true",
        "agents,   POST,   /api/content,                  false",
        "content,  DELETE, /api/content/1,                true",
        "intents,  POST,   /api/intents/create,           true",
        "chat,     GET,    /api/user,                     true",
        "chat,     PATCH,  /api/user,                     false",
        "chat,     GET,    /api/user/credits,             false",
        "chat,     GET,    /api/health,                   true",
        "chat,     GET,    /api/config,                   true",
        "admin,    GET,    /api/users,                    true",
        "user,     GET,    /api/users,                    false",
        "user,     POST,   /api/something-new,            false"
    })
    void limitedKey_mayWhatItsPermissionsName(String permission, String method, String path, boolean may) {
        assertThat(KeyAccess.isAllowed(limitedTo(permission), method, path)).isEqualTo(may);
    }

    @Test
    void keyWithoutLimits_mayEverything() {
        assertThat(KeyAccess.isAllowed(limitedTo(), "POST", "/api/something-new"))
                .isTrue();
        assertThat(KeyAccess.isAllowed(limitedTo(), "POST", "/api/api-keys")).isTrue();
    }

    @Test
    void keyWithAnyLimit_makesNoKeys_butMayRevokeThem() {
        KeyOwner byAgents = owner(Optional.empty(), Set.of("helper"), OptionalLong.empty());
        KeyOwner byDay = owner(Optional.empty(), Set.of(), OptionalLong.of(5));

        for (KeyOwner limited : Set.of(byAgents, byDay)) {
            assertThat(KeyAccess.isAllowed(limited, "POST", "/api/api-keys")).isFalse();
            assertThat(KeyAccess.isAllowed(limited, "POST", "/api/api-keys/1/rotate"))
                    .isFalse();
            assertThat(KeyAccess.isAllowed(limited, "DELETE", "/api/api-keys/1"))
                    .isTrue();
            assertThat(KeyAccess.isAllowed(limited, "POST", "/api/agents")).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/user,                   true",
        "GET,    /api/user/credits,           true",
        "GET,    /api/user/transactions,      false",
        "POST,   /api/user/transactions,      false",
        "GET,    /api/user/integrations,      false",
        "GET,    /api/api-keys,               false",
        "POST,   /api/api-keys,               false",
        "DELETE, /api/api-keys/1,             false",
        "GET,    /api/users,                  false",
        "GET,    /api/agents,                 true",
        "POST,   /api/agents/search,          true",
        "POST,   /api/agents,                 false",
        "PATCH,  /api/agents/1,               false",
        "DELETE, /api/agents/1,               false",
        "GET,    /api/agents/1/api-key,       false",
        "POST,   /api/agents/1/api-key,       false",
        "POST,   /api/intents/create,         true",
        "POST,   /api/intents/delete,         true",
        "GET,    /api/content/agent-access,   true",
        "POST,   /api/content,                true",
        "PATCH,  /api/content/1,              false",
        "DELETE, /api/content/1,              false",
        "GET,    /api/something-new,          false"
    })
    void keyOfAnAgent_managesNothing(String method, String path, boolean may) {
        KeyOwner agent = owner(Optional.of("a"), Set.of(), OptionalLong.empty());

        assertThat(KeyAccess.isAllowed(agent, method, path)).isEqualTo(may);
    }

    @Test
    void chatOnly_mayChatAndNothingElse() {
        String key = keyWith(portal.newUserKey(), "\"permissions\":[\"chat\"]");

        assertThat(chat(key).statusCode()).isEqualTo(200);
        JsonNode refusal = portal.refused(403, key, "GET", "/api/user/credits", "");
        assertThat(refusal.path("code").asText()).isEqualTo("forbidden");
        portal.ok(key, "GET", "/api/user", "");
        portal.ok(key, "GET", "/api/health", "");
    }

    @Test
    void withoutChat_mayNotChat() {
        String key = keyWith(portal.newUserKey(), "\"permissions\":[\"user\"]");

        HttpResponse<String> answer = chat(key);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("access_denied");
        portal.ok(key, "GET", "/api/user", "");
    }

    private HttpResponse<String> chat(String key) {
        RunningGateway gateway = portal.gateway();
        return gateway.chat("Hello!", "Authorization", "Bearer " + key);
    }

    @Test
    void limitedKey_cannotMakeItselfAnUnlimitedOne() {
        String user = portal.newUserKey();
        JsonNode all = portal.ok(user, "GET", "/api/api-keys", "");
        String main = "/api/api-keys/" + all.at("/keys/0/id").asText();

        for (String fields :
                Set.of("\"permissions\":[\"keys\"]", "\"allowedAgents\":[\"assistant\"]", "\"dailyRateLimit\":1000")) {
            String limited = keyWith(user, fields);
            portal.refused(403, limited, "POST", "/api/api-keys", "{\"name\":\"free\"}");
            portal.refused(403, limited, "POST", main + "/rotate", "{}");
        }
    }

    @Test
    void limitedKeyOfAnAdmin_isNoAdminsKeyUnlessItSaysSo() {
        String reader = keyWith(portal.adminKey(), "\"permissions\":[\"read\",\"keys\"]");
        String admin = keyWith(portal.adminKey(), "\"permissions\":[\"admin\"]");

        portal.refused(403, reader, "GET", "/api/users", "");
        portal.ok(admin, "GET", "/api/users", "");
        portal.refused(403, admin, "GET", "/api/api-keys", "");
    }
}
