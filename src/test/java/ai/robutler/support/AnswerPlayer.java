package ai.robutler.support;

import ai.robutler.support.AnswerScript.End;
import ai.robutler.support.AnswerScript.Head;
import ai.robutler.support.AnswerScript.Pause;
import ai.robutler.support.AnswerScript.Step;
import ai.robutler.support.AnswerScript.Write;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Iterator;
import java.util.function.Consumer;

/** Takes the steps of one answer on its connection, as fast as the client reads; all on one event loop. */
final class AnswerPlayer {
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final AnswerScript script;
    private final Iterator<Step> steps;
    private final Consumer<Boolean> ended;
    private Future<Void> lastWrite = Future.succeededFuture();
    private boolean over;

    /** @param ended told once, whether we ended the answer (true) or the client did (false) */
    AnswerPlayer(Vertx vertx, HttpServerRequest request, AnswerScript script, Consumer<Boolean> ended) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.script = script;
        this.steps = script.steps();
        this.ended = ended;
        response.closeHandler(closed -> over(false));
        response.exceptionHandler(failed -> over(false));
    }

    void play() {
        while (!over) {
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> play());
                return;
            }
            Step step = steps.next();
            if (step instanceof Pause pause && pause.time().toMillis() > 0) {
                vertx.setTimer(pause.time().toMillis(), later -> play());
                return;
            }
            if (step instanceof End end) {
                end(end);
                return;
            }
            take(step);
        }
    }

    private void take(Step step) {
        if (step instanceof Head head) {
            head(head);
        } else if (step instanceof Write write) {
            lastWrite = response.write(Buffer.buffer(write.bytes()));
        }
    }

    private void head(Head head) {
        String type = script.behaviour().contentType();
        response.setStatusCode(script.behaviour().status());
        response.putHeader("Content-Type", type == null ? head.contentType() : type);
        if (head.length() < 0) {
            response.setChunked(true).putHeader("Cache-Control", "no-cache");
        } else {
            response.putHeader("Content-Length", Integer.toString(head.length()));
        }
        script.behaviour().headers().forEach(response::putHeader);
        lastWrite = response.writeHead();
    }

    private void end(End end) {
        if (end == End.WELL) {
            response.end().onComplete(sent -> over(sent.succeeded()));
        } else if (end == End.RESET || end == End.CLOSE) {
            lastWrite.onComplete(sent -> drop(end == End.RESET));
        }
    }

    private void drop(boolean reset) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        over(true);
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        request.connection().close();
    }

    private void over(boolean byUs) {
        if (!over) {
            over = true;
            ended.accept(byUs);
        }
    }
}
