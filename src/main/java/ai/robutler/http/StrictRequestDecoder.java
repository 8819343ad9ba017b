package ai.robutler.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Refuses a request that has both Content-Length and Transfer-Encoding, where the stock decoder believes one of them: a
 * proxy in front may believe the other, and take the rest of the body for a second request.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        super.handleTransferEncodingChunkedWithContentLength(message);
        message.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        message.setDecoderResult(
                DecoderResult.failure(new IllegalArgumentException("Content-Length and Transfer-Encoding together")));
    }
}
