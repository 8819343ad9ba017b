package ai.robutler.cli;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A form with one file, as {@code multipart/form-data}; the file is read while it is sent. */
final class MultipartBody {
    private final String boundary = "robutler-" + UUID.randomUUID();
    private final StringBuilder fields = new StringBuilder();

    /** Adds a field, unless its value is null. */
    MultipartBody field(String name, @Nullable String value) {
        if (value != null) {
            fields.append(start(name)).append("\r\n\r\n").append(value).append("\r\n");
        }
        return this;
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /**
     * The whole form, the file last.
     *
     * @param progress is told how many of the file's bytes were read
     */
    BodyPublisher publisher(String fileName, String type, Path file, LongConsumer progress)
            throws FileNotFoundException {
        String head = fields + start("file") + "; filename=\"" + quoted(fileName) + "\"\r\nContent-Type: " + type
                + "\r\n\r\n";
        return BodyPublishers.concat(
                BodyPublishers.ofString(head),
                counting(BodyPublishers.ofFile(file), progress),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    }

    private String start(String name) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"";
    }

    /** As browsers do. */
    private static String quoted(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static BodyPublisher counting(BodyPublisher file, LongConsumer progress) {
        return new BodyPublisher() {
            @Override
            public long contentLength() {
                return file.contentLength();
            }

            @Override
            public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
                file.subscribe(new Counter(subscriber, progress));
            }
        };
    }

    private static final class Counter implements Subscriber<ByteBuffer> {
        private final Subscriber<? super ByteBuffer> next;
        private final LongConsumer progress;
        private long done;

        Counter(Subscriber<? super ByteBuffer> next, LongConsumer progress) {
            this.next = next;
            this.progress = progress;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            next.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            done += bytes.remaining();
            progress.accept(done);
            next.onNext(bytes);
        }

        @Override
        public void onError(Throwable failure) {
            next.onError(failure);
        }

        @Override
        public void onComplete() {
            next.onComplete();
        }
    }
}
