package ai.robutler.support;

import ai.robutler.Application;
import ai.robutler.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The real gateway on a free port, with copies of the shipped {@code config}, {@code routes} and {@code kamelets} that a
 * test may edit. Limits are off unless a test sets them.
 */
public final class RunningGateway implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path home;
    private final Application application;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningGateway(Path home, Application application) {
        this.home = home;
        this.application = application;
    }

    /** A gateway whose default provider is the fake model, with further settings by their property names. */
    public static RunningGateway start(FakeModelServer model, String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("openai.base-url", model.baseUrl());
        all.put("openai.model", "fake-model");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return start(all, home -> {});
    }

    /** A gateway with these settings, after its folders were prepared. */
    public static RunningGateway start(Map<String, String> settings, Preparation preparation) {
        try {
            Path home = Files.createTempDirectory("gateway");
            for (String folder : new String[] {"config", "routes", "kamelets"}) {
                copy(Path.of(folder), home.resolve(folder));
            }
            liftLimits(home.resolve("config/application.properties"));
            preparation.prepare(home);
            Map<String, String> environment = new HashMap<>();
            environment.put("ROBUTLER_CONFIG", home.resolve("config").toString());
            Properties system = new Properties();
            system.setProperty("robutler.routes", home.resolve("routes").toString());
            system.setProperty("robutler.kamelets", home.resolve("kamelets").toString());
            system.setProperty("robutler.data", home.resolve("data").toString());
            system.setProperty("camel.server.port", "0");
            system.setProperty("camel.server.host", "127.0.0.1");
            system.setProperty("gateway.model.local-servers", "");
            settings.forEach(system::setProperty);
            Application application = new Application(Settings.load(environment, system), environment);
            application.start();
            return new RunningGateway(home, application);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Edits the folders before the start. */
    @FunctionalInterface
    public interface Preparation {
        /**
         * Changes what the gateway will find.
         *
         * @param home holds config, routes and kamelets
         */
        void prepare(Path home) throws IOException;
    }

    /** The folder that holds config, routes and kamelets. */
    public Path home() {
        return home;
    }

    /** The admin's key that the first start has made. */
    public String adminKey() {
        try {
            return Files.readString(home.resolve("data/admin-key")).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The running application. */
    public Application application() {
        return application;
    }

    /** The port that it listens on. */
    public int port() {
        return application.port();
    }

    /** An address of the gateway's. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** A GET's answer. */
    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    /** The answer to JSON. */
    public HttpResponse<String> post(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    /** The answer of the agent assistant to one message. */
    public HttpResponse<String> chat(String text, String... headers) {
        return post("/assistant/chat/completions", message(text, false), headers);
    }

    /** The whole stream of the agent assistant's answer to one message. */
    public HttpResponse<String> stream(String text, String... headers) {
        return post("/assistant/chat/completions", message(text, true), headers);
    }

    /** A chat request with one message. */
    public static String message(String text, boolean stream) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}],\"stream\":" + stream + "}";
    }

    /** A request to be completed. */
    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    /** The answer to a request. */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The client that the above use. */
    public HttpClient client() {
        return client;
    }

    /** Asks again and again until the condition holds; fails after a long while. */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it never came true: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        try {
            application.close();
            delete(home);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void liftLimits(Path file) throws IOException {
        String text = Files.readString(file);
        Files.writeString(
                file,
                text.replaceAll(
                        "(?m)^(gateway\\.(rate-limit\\.(burst|minute|hour|day)|auth-failures-per-minute)) = .*$",
                        "$1 = 0"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
