package ai.robutler.portal.store;

import ai.robutler.support.Multipart;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that make users, keys, agents and files until nobody answers any more; they remember what was acknowledged. */
final class Writers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final int CLIENTS = 6;

    private final Set<String> users = ConcurrentHashMap.newKeySet();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final Set<String> agents = ConcurrentHashMap.newKeySet();
    private final Set<String> files = ConcurrentHashMap.newKeySet();
    private final Set<String> failures = ConcurrentHashMap.newKeySet();
    private final HttpClient client = HttpClient.newHttpClient();

    Set<String> users() {
        return users;
    }

    /** The keys themselves. */
    Set<String> keys() {
        return keys;
    }

    Set<String> agents() {
        return agents;
    }

    Set<String> files() {
        return files;
    }

    /** Answers that were no success although the server was there. */
    Set<String> failures() {
        return failures;
    }

    /** Starts them. @return counts down with the first thing that is acknowledged */
    CountDownLatch start(int port, String adminKey, List<Thread> started) {
        CountDownLatch first = new CountDownLatch(1);
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        round("http://127.0.0.1:" + port, adminKey);
                        first.countDown();
                    }
                } catch (IOException killed) {
                    // what was acknowledged is remembered
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            started.add(thread);
        }
        return first;
    }

    static List<Thread> none() {
        return new ArrayList<>();
    }

    private void round(String base, String admin) throws IOException, InterruptedException {
        String name = "w" + NUMBERS.incrementAndGet();
        JsonNode user =
                post(base + "/api/users", admin, "{\"name\":\"" + name + "\",\"email\":\"" + name + "@x.org\"}");
        String id = user.at("/user/id").asText();
        users.add(id);
        String key = post(base + "/api/api-keys", admin, "{\"name\":\"k\",\"userId\":\"" + id + "\"}")
                .path("rawKey")
                .asText();
        keys.add(key);
        JsonNode agent = post(
                base + "/api/agents",
                key,
                "{\"name\":\"" + name + "\",\"instructions\":\"Help.\",\"intents\":[\"answer " + name + "\"]}");
        agents.add(agent.path("id").asText());
        byte[] body = new Multipart()
                .file(name, name.getBytes(StandardCharsets.UTF_8))
                .bytes();
        HttpRequest upload = request(base + "/api/content", key)
                .header("Content-Type", Multipart.TYPE)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        files.add(answer(upload).path("id").asText());
    }

    private static HttpRequest.Builder request(String address, String key) {
        return HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + key);
    }

    private JsonNode post(String address, String key, String json) throws IOException, InterruptedException {
        return answer(request(address, key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            failures.add(request.uri().getPath() + " " + answer.statusCode() + " " + answer.body());
            throw new IOException("refused");
        }
        return JSON.readTree(answer.body());
    }
}
