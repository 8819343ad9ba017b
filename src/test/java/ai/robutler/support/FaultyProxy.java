package ai.robutler.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Stands between a gateway and its portal: passes requests on and counts them, or fails in one of the ways that networks do. */
@SuppressWarnings("AddressSelection")
public final class FaultyProxy implements AutoCloseable {
    private static final int SLOW_MS = 300;
    private static final int HANG_MS = 30_000;

    /** What becomes of a request. */
    public enum Fault {
        /** Passed on. */
        NONE,
        /** Nobody listens. */
        REFUSED,
        /** Taken, and never answered. */
        HANGING,
        /** Answered with 500 and a page. */
        BROKEN,
        /** Answered with 429, to be repeated after 7 seconds. */
        BUSY,
        /** Answered with 200 and what is no answer. */
        GARBAGE,
        /** Passed on after a while. */
        SLOW
    }

    private final URI target;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final int port;
    private HttpServer server;
    private volatile Fault fault = Fault.NONE;
    private volatile CountDownLatch hanging = new CountDownLatch(1);

    /** A proxy that passes on to this address. */
    public FaultyProxy(URI target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    /** Where it listens. */
    public String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Fails so from now on; requests that hang are cut off. */
    public synchronized void fail(Fault now) {
        Fault before = fault;
        fault = now;
        hanging.countDown();
        hanging = new CountDownLatch(1);
        if (now == Fault.REFUSED) {
            server.stop(0);
        } else if (before == Fault.REFUSED) {
            server = listen(port);
        }
    }

    /** How many requests have come. */
    public int count() {
        return paths.size();
    }

    /** How many requests for this path have come. */
    public long count(String path) {
        return paths.stream().filter(path::equals).count();
    }

    @Override
    public void close() {
        hanging.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private HttpServer listen(int wanted) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress("127.0.0.1", wanted), 1_000);
            made.setExecutor(threads);
            made.createContext("/", this::answer);
            made.start();
            return made;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            paths.add(exchange.getRequestURI().getPath());
            switch (fault) {
                case BROKEN -> send(exchange, 500, "<h1>Internal Server Error</h1>".getBytes(StandardCharsets.UTF_8));
                case BUSY -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    send(exchange, 429, "{}".getBytes(StandardCharsets.UTF_8));
                }
                case GARBAGE -> send(exchange, 200, "<h1>Welcome</h1>".getBytes(StandardCharsets.UTF_8));
                case HANGING -> pause(HANG_MS);
                case SLOW -> {
                    pause(SLOW_MS);
                    pass(exchange);
                }
                default -> pass(exchange);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits, but not beyond the fault. */
    private void pause(int milliseconds) throws InterruptedException {
        CountDownLatch end = hanging;
        boolean healed = end.await(milliseconds, TimeUnit.MILLISECONDS);
        if (healed && fault == Fault.REFUSED) {
            throw new InterruptedException("nobody listens any more");
        }
    }

    private void pass(HttpExchange exchange) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target.resolve(exchange.getRequestURI())).GET();
        String key = exchange.getRequestHeaders().getFirst("Authorization");
        if (key != null) {
            request.header("Authorization", key);
        }
        HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
        send(exchange, answer.statusCode(), answer.body());
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
