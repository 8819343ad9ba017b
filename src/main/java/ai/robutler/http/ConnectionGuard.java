package ai.robutler.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that sends its headers too slowly, or that stays open without a request. Sits behind the decoder;
 * {@link Bytes} sits before it and tells of bytes that have not made a request yet.
 */
final class ConnectionGuard extends ChannelDuplexHandler {
    private final long headerNanos;
    private final long idleNanos;
    private int open;
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
        if (message instanceof HttpRequest) {
            open++;
            cancelHeaderTimer();
        }
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof LastHttpContent) {
            open--;
            idleSince = System.nanoTime();
        }
        super.write(context, message, promise);
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
