package ai.robutler.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what the stock decoder reads in one of several ways: a proxy in front may read it in another, and take the rest
 * of the bytes for a second request. After a refusal nothing more is read from the connection.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    private boolean refused;
    private boolean lengthAndEncoding;
    private @Nullable ChunkFraming chunks;

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        super.handleTransferEncodingChunkedWithContentLength(message);
        lengthAndEncoding = true;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        if (refused) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        int begin = bytes.readerIndex();
        int earlier = out.size();
        ChunkFraming framing = chunks;
        super.decode(context, bytes, out);
        if (framing != null && !framing.accept(bytes, begin, bytes.readerIndex())) {
            refuseBody(out, earlier);
            return;
        }
        for (int i = earlier; i < out.size() && !refused; i++) {
            if (out.get(i) instanceof HttpRequest request
                    && request.decoderResult().isSuccess()) {
                check(request, out, i);
            }
        }
        if (out.size() > earlier && out.get(out.size() - 1) instanceof LastHttpContent) {
            chunks = null;
        }
    }

    private void check(HttpRequest request, List<Object> out, int at) {
        String fault = lengthAndEncoding
                ? "Content-Length and Transfer-Encoding together"
                : RequestHead.fault(request.protocolVersion(), request.uri(), request.headers());
        if (fault == null) {
            chunks = HttpUtil.isTransferEncodingChunked(request) ? new ChunkFraming() : null;
            if (!HttpUtil.isKeepAlive(request)) {
                // Vert.x knows "close" only where it stands alone
                request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
            return;
        }
        refused = true;
        request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(fault)));
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        request.headers().remove(HttpHeaderNames.TRANSFER_ENCODING).remove(HttpHeaderNames.CONTENT_LENGTH);
        request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        removeFrom(out, at + 1);
        out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void refuseBody(List<Object> out, int from) {
        refused = true;
        removeFrom(out, from);
        LastHttpContent broken = new DefaultLastHttpContent();
        broken.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("a chunk is malformed")));
        out.add(broken);
    }

    private static void removeFrom(List<Object> out, int from) {
        for (int i = out.size() - 1; i >= from; i--) {
            if (out.remove(i) instanceof HttpContent content) {
                content.release();
            }
        }
    }
}
