package ai.robutler.gateway.model;

import ai.robutler.http.HttpCall;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One call to a provider, up to its first event or its whole answer. Lives on one event loop; tells its listener once. */
final class ModelOpening {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Larger answers are parsed on a worker thread: parsing a megabyte takes some milliseconds. */
    private static final int MOST_ON_EVENT_LOOP = 256 * 1024;

    private static final int MAX_ERROR_TEXT = 500;

    private final Vertx vertx;
    private final HttpCall call;
    private final ModelTarget target;
    private final boolean stream;
    private final int maxBytes;
    private final Listener listener;
    private long timer = -1;
    private boolean told;
    private @Nullable HttpClientRequest request;

    /** Hears how a call began; exactly one of the two, once. */
    interface Listener {

        /** The model has begun to answer. */
        void opened(ModelAnswer answer);

        /** It has not. */
        void failed(Exception failure);
    }

    ModelOpening(Vertx vertx, HttpCall call, ModelTarget target, boolean stream, int maxBytes, Listener listener) {
        this.vertx = vertx;
        this.call = call;
        this.target = target;
        this.stream = stream;
        this.maxBytes = maxBytes;
        this.listener = listener;
    }

    void start(ModelClient client, byte[] body) {
        wait(target.provider().timeouts().firstByte());
        call.onHangUp(() -> fail(new CallerGone()));
        if (told) {
            return;
        }
        client.request(target, stream)
                .onSuccess(opened -> send(opened, body))
                .onFailure(failure -> fail(ProviderFailure.broken("cannot connect: " + name(failure))));
    }

    private void send(HttpClientRequest opened, byte[] body) {
        request = opened;
        if (told) {
            opened.reset();
            return;
        }
        opened.exceptionHandler(failure -> fail(ProviderFailure.broken("the call broke: " + name(failure))));
        opened.response().onSuccess(this::answered).onFailure(failure -> fail(broken(failure)));
        opened.end(Buffer.buffer(body));
    }

    private static ProviderFailure broken(Throwable failure) {
        return failure instanceof TimeoutException
                ? ProviderFailure.timeout("no answer in time")
                : ProviderFailure.broken("no answer: " + name(failure));
    }

    private void answered(HttpClientResponse response) {
        if (told) {
            return;
        }
        response.exceptionHandler(failure -> fail(ProviderFailure.broken("the answer broke: " + name(failure))));
        String type = String.valueOf(response.getHeader("Content-Type")).toLowerCase(Locale.ROOT);
        if (response.statusCode() == 200 && stream && type.contains("event-stream")) {
            readFirstEvent(response);
        } else {
            readWhole(response);
        }
    }

    private void readFirstEvent(HttpClientResponse response) {
        SseSplitter events = new SseSplitter(maxBytes);
        Breakage breakage = new Breakage();
        response.exceptionHandler(failure -> {
            fail(ProviderFailure.broken("the answer broke: " + name(failure)));
            breakage.happened();
        });
        response.handler(part -> {
            if (told) {
                return;
            }
            try {
                events.add(part);
                if (begins(events)) {
                    response.pause();
                    succeed(new ModelAnswer.Stream(target, response, events, breakage));
                }
            } catch (ProviderFailure failure) {
                fail(failure);
            }
        });
        response.endHandler(ended -> fail(ProviderFailure.broken("the stream ended before its first event")));
    }

    /** Whether an event is held; one that is an error instead of a chunk is the call's failure. */
    private static boolean begins(SseSplitter events) {
        return events.peek((json, from, to) -> {
            if (JsonSlices.is(json, from, to, "[DONE]")) {
                throw ProviderFailure.broken("the stream ended before its first event");
            }
            boolean object = JsonSlices.members(json, from, to, (b, nameFrom, nameTo, valueFrom, valueTo) -> {
                if (JsonSlices.is(b, nameFrom, nameTo, "error") && !JsonSlices.is(b, valueFrom, valueTo, "null")) {
                    throw ProviderFailure.broken("the stream began with an error");
                }
            });
            if (!object) {
                throw ProviderFailure.broken("the stream began with something that is not a chunk");
            }
            return true;
        });
    }

    private void readWhole(HttpClientResponse response) {
        Duration idle = target.provider().timeouts().idle();
        Buffer body = Buffer.buffer();
        wait(idle);
        response.handler(part -> {
            if (body.length() + part.length() > maxBytes) {
                fail(ProviderFailure.broken("the answer is larger than " + maxBytes + " bytes"));
            } else {
                body.appendBuffer(part);
                wait(idle);
            }
        });
        response.endHandler(ended -> {
            if (body.length() <= MOST_ON_EVENT_LOOP) {
                whole(response, parse(body));
                return;
            }
            stopWaiting();
            vertx.executeBlocking(() -> parse(body))
                    .onComplete(parsed -> whole(response, parsed.succeeded() ? parsed.result() : JSON.missingNode()));
        });
    }

    private void whole(HttpClientResponse response, JsonNode tree) {
        int status = response.statusCode();
        if (status >= 400 && status < 500) {
            fail(refusal(response, tree));
            return;
        }
        if (status != 200) {
            fail(ProviderFailure.broken("status " + status));
            return;
        }
        boolean answer = tree.path("choices").path(0).path("message").isObject()
                && (tree.path("error").isMissingNode() || tree.path("error").isNull());
        if (answer && tree instanceof ObjectNode completion) {
            succeed(new ModelAnswer.Whole(target, completion));
        } else {
            fail(ProviderFailure.broken("the answer is not a chat completion"));
        }
    }

    private static JsonNode parse(Buffer body) {
        try {
            return JSON.readTree(body.getBytes());
        } catch (IOException notJson) {
            return JSON.missingNode();
        }
    }

    private Exception refusal(HttpClientResponse response, JsonNode tree) {
        if (response.statusCode() == 408) {
            return ProviderFailure.broken("status 408");
        }
        JsonNode error = tree.path("error");
        String message = withoutKey(
                error.isTextual() ? error.asText() : error.path("message").asText(""));
        if (message.length() > MAX_ERROR_TEXT) {
            message = message.substring(0, MAX_ERROR_TEXT);
        }
        String param =
                error.path("param").isTextual() ? withoutKey(error.path("param").asText()) : null;
        return new ProviderRefusal(
                response.statusCode(),
                message,
                withoutKey(error.path("code").asText("")),
                param,
                seconds(response.getHeader("Retry-After")));
    }

    /** Some providers repeat the key that they were sent. */
    private String withoutKey(String text) {
        Secret key = target.provider().apiKey();
        return key.isPresent() ? text.replace(key.value(), "***") : text;
    }

    private static @Nullable Duration seconds(@Nullable String text) {
        try {
            double seconds = text == null ? -1 : Double.parseDouble(text.trim());
            return seconds >= 0 && seconds < 1e9 ? Duration.ofMillis((long) (seconds * 1000)) : null;
        } catch (NumberFormatException notSeconds) {
            return null;
        }
    }

    private void wait(Duration longest) {
        stopWaiting();
        timer = vertx.setTimer(
                Math.max(1, longest.toMillis()),
                late -> fail(ProviderFailure.timeout("nothing came for " + longest.toMillis() + " ms")));
    }

    private void stopWaiting() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void succeed(ModelAnswer answer) {
        if (!told) {
            end();
            listener.opened(answer);
        }
    }

    private void fail(Exception failure) {
        if (told) {
            return;
        }
        end();
        HttpClientRequest running = request;
        if (running != null) {
            running.reset();
        }
        listener.failed(failure);
    }

    private void end() {
        told = true;
        stopWaiting();
        call.onHangUp(null);
    }

    private static String name(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null ? failure.getClass().getSimpleName() : message;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length > MAX_ERROR_TEXT ? text.substring(0, MAX_ERROR_TEXT / 4) : text;
    }
}
