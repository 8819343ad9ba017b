package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file to upload, and what is said of it. */
final class UploadFields {
    private static final long SLOWEST_BYTES_PER_SECOND = 50_000;

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called there. Default: its own name.")
    private @Nullable String name;

    @Option(names = "--public", description = "Everybody may read it. Default: only you.")
    private boolean isPublic;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is.")
    private @Nullable String description;

    @Option(names = "--tag", paramLabel = "TAG", description = "A word to find it by; may be repeated.")
    private @Nullable List<String> tags;

    /** Sends the file, piece by piece from the disk, and returns the answer. */
    JsonNode send(PortalClient client, Terminal terminal) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Failure.here("cannot read " + file + "; check that the file is there and readable");
        }
        try (ProgressBar bar = new ProgressBar(terminal, "uploading")) {
            long size = Files.size(file);
            MultipartBody body = new MultipartBody()
                    .field("visibility", isPublic ? "public" : "private")
                    .field("description", description)
                    .field("tags", tags == null ? null : String.join(",", tags));
            String called = name == null ? String.valueOf(file.getFileName()) : name;
            String type = Optional.ofNullable(URLConnection.guessContentTypeFromName(called))
                    .orElse("application/octet-stream");
            return client.post(
                    "/api/content",
                    body.contentType(),
                    body.publisher(called, type, file, done -> bar.at(done, size)),
                    Duration.ofSeconds(size / SLOWEST_BYTES_PER_SECOND));
        } catch (IOException unreadable) {
            throw Failure.here("cannot read " + file + " (" + unreadable.getMessage() + "); check its permissions");
        }
    }
}
