package ai.robutler.support;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.store.DatabaseAddress;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The real server with an embedded portal on an empty database; every answer is checked against openapi.json. */
public final class RunningPortal implements AutoCloseable {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Map<Store, RunningPortal> SHARED = new ConcurrentHashMap<>();
    private static final AtomicInteger USERS = new AtomicInteger();

    private final FakeModelServer model;
    private final RunningGateway gateway;
    private final String adminKey;
    private final DatabaseAddress database;

    private RunningPortal(FakeModelServer model, RunningGateway gateway, String databaseUrl) {
        this.model = model;
        this.gateway = gateway;
        this.database =
                DatabaseAddress.of(databaseUrl, gateway.home().resolve("data").toAbsolutePath());
        this.adminKey = gateway.adminKey();
    }

    /** One for all tests of this JVM that need no settings of their own; each makes the users that it needs. */
    public static RunningPortal shared(Store store) {
        return SHARED.computeIfAbsent(store, kind -> {
            RunningPortal started = start(kind);
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            return started;
        });
    }

    /** A portal on a new database of that kind, with further settings by their property names. */
    public static RunningPortal start(Store store, String... settings) {
        FakeModelServer model = new FakeModelServer();
        Map<String, String> all = new HashMap<>(store.settings());
        all.put("openai.base-url", model.baseUrl());
        all.put("openai.model", "fake-model");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new RunningPortal(model, RunningGateway.start(all, home -> {}), all.getOrDefault("database.url", ""));
    }

    /** The key that was made at the first start. */
    public String adminKey() {
        return adminKey;
    }

    /** The server. */
    public RunningGateway gateway() {
        return gateway;
    }

    /** Where its database is, for what no request can do. */
    public DatabaseAddress database() {
        return database;
    }

    /** Checks an answer that was not asked for by {@link #call}. */
    public void check(HttpResponse<String> answer) {
        CONTRACT.check(answer);
    }

    /** The model that agents without one of their own ask. */
    public FakeModelServer model() {
        return model;
    }

    /**
     * The answer to a request.
     *
     * @param key the API key; empty sends none
     * @param json the body; empty sends none
     */
    public HttpResponse<String> call(String key, String method, String path, String json, String... headers) {
        HttpRequest.Builder request = gateway.request(path, headers);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        request.method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        HttpResponse<String> answer = gateway.send(request.build());
        CONTRACT.check(answer);
        return answer;
    }

    /** The JSON of an answer that must be 200. */
    public JsonNode ok(String key, String method, String path, String json, String... headers) {
        HttpResponse<String> answer = call(key, method, path, json, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer);
    }

    /** The JSON of an answer that must be an error of this status, in the portal's shape. */
    public JsonNode refused(int status, String key, String method, String path, String json, String... headers) {
        HttpResponse<String> answer = call(key, method, path, json, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Json.of(answer);
    }

    /** Makes a user, and tells a key of his. */
    public String newUserKey() {
        int number = USERS.incrementAndGet();
        JsonNode user = ok(
                adminKey,
                "POST",
                "/api/users",
                "{\"name\":\"user " + number + "\",\"email\":\"user" + number + "@example.org\"}");
        return ok(
                        adminKey,
                        "POST",
                        "/api/api-keys",
                        "{\"name\":\"main\",\"userId\":\"" + user.at("/user/id").asText() + "\"}")
                .path("rawKey")
                .asText();
    }

    @Override
    public void close() {
        gateway.close();
        model.close();
    }
}
