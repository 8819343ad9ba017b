package ai.robutler.portal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.support.CapturedLog;
import ai.robutler.support.DatabaseOutage;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The secret part of a key is in the answer that tells it, and nowhere else: no log, no other answer, no file. */
@SuppressWarnings("try")
final class KeySecretsTest {
    private final List<HttpResponse<String>> answers = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // begun by the test
    private RunningPortal portal;

    private HttpResponse<String> ask(String key, String method, String path, String body, String... headers) {
        HttpResponse<String> answer = portal.call(key, method, path, body, headers);
        answers.add(answer);
        return answer;
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void keys_areInNoLogNoOtherAnswerAndNoFile(Store store) throws Exception {
        Map<String, String> settings = store.settings();
        String[] all = settings.isEmpty()
                ? new String[] {"database.wait", "300ms"}
                : new String[] {"database.wait", "300ms", "database.url", settings.get("database.url")};
        Level before = org.apache.logging.log4j.LogManager.getRootLogger().getLevel();
        try (CapturedLog log = new CapturedLog()) {
            Configurator.setLevel("ai.robutler", Level.TRACE);
            portal = RunningPortal.start(Store.SQLITE, all);
            List<String> keys;
            try {
                keys = new ArrayList<>(useThemAll(settings.getOrDefault("database.url", "")));
                keys.add(portal.adminKey());
                assertThat(answers).hasSizeGreaterThan(15);
                for (String key : keys) {
                    String secret = secret(key);
                    assertThat(answers)
                            .noneMatch(answer -> answer.body().contains(secret)
                                    || answer.headers().map().toString().contains(secret));
                    assertThat(log.with(secret)).isEmpty();
                    assertThat(files(portal.gateway().home(), secret)).isEmpty();
                }
            } finally {
                portal.close();
            }
            for (String key : keys) {
                assertThat(log.with(secret(key))).isEmpty();
            }
        } finally {
            Configurator.setLevel("ai.robutler", before);
        }
    }

    private static String secret(String key) {
        return key.substring(13, 50);
    }

    private List<String> useThemAll(String url) throws Exception {
        String user = portal.newUserKey();
        JsonNode made = portal.ok(user, "POST", "/api/api-keys", "{\"name\":\"a\"}", "Idempotency-Key", "once");
        String key = made.path("rawKey").asText();
        String path = "/api/api-keys/" + made.path("id").asText();
        String wrong = key.substring(0, 20) + "WRONG" + key.substring(25);
        ask(key, "GET", "/api/user", "");
        ask(key, "GET", "/api/api-keys", "");
        ask(key, "GET", path, "");
        ask(key, "GET", path + "/stats", "");
        ask(wrong, "GET", "/api/user", "");
        ask("", "GET", "/api/user", "", "X-API-Key", key);
        ask("", "GET", "/api/user", "", "Authorization", "Basic " + key);
        ask(key, "GET", "/api/api-keys?cursor=" + key, "");
        ask(key, "GET", "/api/api-keys/" + made.path("id").asText() + "x", "");
        ask(key, "POST", "/api/users", "{\"name\":\"b\"}");
        ask(key, "POST", "/api/api-keys", "{\"name\":\"b\",\"dailyCreditLimit\":5}");
        ask(key, "POST", "/api/user/transactions", "{\"amount\":5}");
        portal.gateway().chat("Hello!", "Authorization", "Bearer " + key);
        portal.model().reset();
        RunningGateway gateway = portal.gateway();
        answers.add(gateway.chat("Hello!", "X-API-Key", wrong));
        answers.add(gateway.get("/metrics"));
        try (DatabaseOutage outage =
                DatabaseOutage.begin(DatabaseAddress.of(url, gateway.home().resolve("data")))) {
            ask(key, "POST", "/api/user/integrations", "{\"type\":\"a\"}");
            ask(key, "GET", "/api/user", "");
        }
        RunningGateway.await(
                "the database is back",
                () -> portal.call(key, "GET", "/api/user", "").statusCode() == 200);
        JsonNode rotated = portal.ok(key, "POST", path + "/rotate", "{}");
        ask(key, "DELETE", path, "");
        ask(key, "GET", "/api/user", "");
        return List.of(user, key, wrong, rotated.path("rawKey").asText());
    }

    /** Files with the text, but that in which the first start leaves the admin's key. */
    private static List<Path> files(Path home, String text) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("data"))) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean hasIt = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
                if (hasIt && !file.endsWith("admin-key")) {
                    found.add(file);
                }
            }
            return found;
        }
    }
}
