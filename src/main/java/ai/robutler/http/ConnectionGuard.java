package ai.robutler.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that sends its headers too slowly, that stays open without a request, or whose answer said that it
 * is the last one. Sits behind the decoder; {@link Bytes} sits before it and tells of bytes that have not made a request
 * yet.
 */
final class ConnectionGuard extends ChannelDuplexHandler {
    /** How long a caller may go on sending a body that was refused, to read the answer before the close. */
    private static final long LINGER_SECONDS = 2;

    private final long headerNanos;
    private final long idleNanos;
    private int open;
    private boolean receiving;
    private boolean lastAnswer;
    private boolean lastAnswerSent;
    private long idleSince;
    private @Nullable ScheduledFuture<?> headerTimer;
    private @Nullable ScheduledFuture<?> idleTimer;

    ConnectionGuard(HttpSettings settings) {
        this.headerNanos = settings.headerTimeout().toNanos();
        this.idleNanos = settings.idleTimeout().toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        idleSince = System.nanoTime();
        watchIdle(context, idleNanos);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancelHeaderTimer();
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (lastAnswer) {
            ReferenceCountUtil.release(message);
            if (message instanceof LastHttpContent) {
                receiving = false;
                if (lastAnswerSent) {
                    close(context);
                }
            }
            return;
        }
        if (message instanceof HttpRequest) {
            open++;
            receiving = true;
            cancelHeaderTimer();
        }
        if (message instanceof LastHttpContent) {
            receiving = false;
        }
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            if (response.status().code() < 200) {
                super.write(context, message, promise);
                return;
            }
            lastAnswer |= !HttpUtil.isKeepAlive(response);
        }
        ChannelPromise written = promise;
        if (message instanceof LastHttpContent) {
            open--;
            idleSince = System.nanoTime();
            if (lastAnswer) {
                written = promise.unvoid();
                written.addListener(sent -> closeAfterLastAnswer(context));
            }
        }
        super.write(context, message, written);
    }

    private void closeAfterLastAnswer(ChannelHandlerContext context) {
        lastAnswerSent = true;
        if (receiving) {
            cancelHeaderTimer();
            headerTimer = schedule(context, () -> close(context), TimeUnit.SECONDS.toNanos(LINGER_SECONDS));
        } else {
            close(context);
        }
    }

    /** Whether an answer on this connection said that it is the last; a request that was already read is thrown away. */
    static boolean hasLastAnswer(HttpConnection connection) {
        ConnectionGuard guard = connection instanceof ConnectionBase base
                ? base.channel().pipeline().get(ConnectionGuard.class)
                : null;
        return guard != null && guard.lastAnswer;
    }

    private void bytesWithoutRequest(ChannelHandlerContext context) {
        if (open == 0 && headerTimer == null) {
            headerTimer = schedule(context, () -> close(context), headerNanos);
        }
    }

    private void cancelHeaderTimer() {
        if (headerTimer != null) {
            headerTimer.cancel(false);
            headerTimer = null;
        }
    }

    /** Looks again when the connection could be idle for too long, so that a busy one costs a timer now and then. */
    private void watchIdle(ChannelHandlerContext context, long inNanos) {
        Runnable look = () -> {
            long left = idleSince + idleNanos - System.nanoTime();
            if (open == 0 && left <= 0) {
                close(context);
            } else {
                watchIdle(context, open > 0 ? idleNanos : left);
            }
        };
        idleTimer = schedule(context, look, inNanos);
    }

    private static ScheduledFuture<?> schedule(ChannelHandlerContext context, Runnable task, long inNanos) {
        return context.executor().schedule(task, inNanos, TimeUnit.NANOSECONDS);
    }

    private static void close(ChannelHandlerContext context) {
        context.close().addListener(closed -> {});
    }

    /** Tells the guard of bytes that arrived and did not complete a request's headers. */
    static final class Bytes extends ChannelDuplexHandler {
        private final ConnectionGuard guard;
        private boolean received;

        Bytes(ConnectionGuard guard) {
            this.guard = guard;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            received = true;
            super.channelRead(context, message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) throws Exception {
            if (received) {
                received = false;
                guard.bytesWithoutRequest(context);
            }
            super.channelReadComplete(context);
        }
    }
}
