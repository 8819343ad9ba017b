package ai.robutler.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers what it is told to, in the portal's shapes, and remembers what it was asked. */
final class FakePortal implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    FakePortal() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Answers the next request so; after the last answer, it is 500. */
    FakePortal answer(int status, String json, String... headers) {
        synchronized (answers) {
            answers.add(new Answer(status, json, headers.length == 0 ? List.of() : List.of(headers)));
        }
        return this;
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Request> requests() {
        return requests;
    }

    Request last() {
        return requests.get(requests.size() - 1);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    new String(body.readAllBytes(), StandardCharsets.UTF_8),
                    exchange.getRequestHeaders()));
            Answer answer;
            synchronized (answers) {
                answer = answers.isEmpty()
                        ? new Answer(500, "{\"message\":\"no answer is set\"}", List.of())
                        : answers.remove();
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            for (int i = 0; i < answer.headers().size(); i += 2) {
                exchange.getResponseHeaders()
                        .set(answer.headers().get(i), answer.headers().get(i + 1));
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private record Answer(int status, String body, List<String> headers) {}

    /**
     * What was asked.
     *
     * @param method of HTTP
     * @param uri path and query
     * @param body in UTF-8
     * @param headers all of them
     */
    record Request(String method, String uri, String body, com.sun.net.httpserver.Headers headers) {
        String key() {
            return String.valueOf(headers.getFirst("Authorization"));
        }

        @Override
        public String toString() {
            return method + " " + uri + (body.isEmpty() ? "" : " " + body);
        }
    }
}
