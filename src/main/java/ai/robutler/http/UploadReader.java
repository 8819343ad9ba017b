package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.multipart.MultipartParser;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code uploadReader} step: takes the body of a route that says {@code consumes: multipart/form-data}, and makes an
 * {@link Upload} the message's body. Until this step no byte of the body is read, so the steps before it decide who may
 * send one. No thread waits meanwhile. What the route does not move away is deleted at the end of the request.
 *
 * <p>Fails with 400, 408, 413, 415, or 503 when the file cannot be stored or too many are coming.
 */
public final class UploadReader extends AsyncProcessorSupport {
    private static final Logger LOG = LoggerFactory.getLogger(UploadReader.class);
    private static final Duration BUSY_WAIT = Duration.ofSeconds(5);

    private final UploadSettings settings;
    private final Executor steps;
    private final IncomingFolder folder;
    private final Semaphore free;

    /**
     * Empties the folder of uploads.
     *
     * @param steps where files are written and the route goes on
     */
    public UploadReader(UploadSettings settings, Executor steps) throws IOException {
        this.settings = settings;
        this.steps = steps;
        this.free = new Semaphore(settings.maxUploads());
        this.folder = new IncomingFolder(settings.folder());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            HttpCall call = HttpCall.of(exchange);
            if (!call.isBodyUnread()) {
                throw new IllegalStateException(
                        "the route of an uploadReader needs the parameter consumes: multipart/form-data");
            }
            UploadReading reading = new UploadReading(call, settings, steps, open(call), (upload, failure) -> {
                exchange.getMessage().setBody(upload);
                exchange.setException(failure);
                callback.done(false);
            });
            call.context().runOnContext(now -> reading.start());
            return false;
        } catch (RuntimeException failure) {
            exchange.setException(failure);
            callback.done(true);
            return true;
        }
    }

    /** Looks at all that the request's headers tell before a file is made. */
    private UploadParts open(HttpCall call) {
        String boundary = MultipartParser.boundary(call.request().getHeader(HttpHeaders.CONTENT_TYPE));
        UploadReading.checkLength(call.request(), settings);
        if (!free.tryAcquire()) {
            throw ApiException.of(
                            ErrorCode.UNAVAILABLE,
                            "The server is taking as many uploads as it can: " + settings.maxUploads()
                                    + " (portal.content.max-uploads)")
                    .withRetryAfter(BUSY_WAIT);
        }
        call.atTheEnd(ended -> free.release());
        try {
            IncomingFile file = new IncomingFile(folder.newFile());
            call.atTheEnd(ended -> discardSoon(file));
            return new UploadParts(settings, boundary, file);
        } catch (IOException failure) {
            throw UploadReading.notStored(failure);
        }
    }

    private void discardSoon(IncomingFile file) {
        try {
            steps.execute(() -> discard(file));
        } catch (RejectedExecutionException full) {
            discard(file);
        }
    }

    private static void discard(IncomingFile file) {
        try {
            file.discard();
        } catch (IOException failure) {
            LOG.warn("cannot delete {}; the next start does", file.path(), failure);
        }
    }
}
