package ai.robutler.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** What the routes of the tests do with uploads. */
public final class UploadSteps {
    /** What every file was last changed at. */
    static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05.678Z");

    /** Tells of the upload, and leaves it to be deleted. */
    public String tell(@Body Upload upload) throws JsonProcessingException {
        return new ObjectMapper()
                .writeValueAsString(Map.of(
                        "sha256", upload.sha256(),
                        "size", upload.size(),
                        "fileName", upload.fileName(),
                        "contentType", upload.contentType().orElse(""),
                        "fields", upload.fields(),
                        "stored", Files.exists(upload.path())));
    }

    /** Keeps the upload under its hash, beside the folder of uploads. */
    public String keep(@Body Upload upload) throws IOException {
        Files.move(upload.path(), kept(upload.path(), upload.sha256()));
        return upload.sha256();
    }

    /** Breaks with the upload in hand. */
    public void fail(@Body Upload upload) {
        throw new IllegalStateException("broken on purpose, with " + upload.size() + " bytes");
    }

    /** Answers with what {@link #keep} kept. */
    public FileAnswer find(Exchange exchange) throws IOException {
        String sha256 = exchange.getMessage().getHeader("agent", String.class);
        Path file = kept(
                Path.of(exchange.getContext().resolvePropertyPlaceholders("{{robutler.data}}/content/incoming/any")),
                sha256);
        return new FileAnswer(
                file, Files.size(file), "text/plain", sha256, MODIFIED, "attachment; filename=\"kept.txt\"");
    }

    private static Path kept(Path upload, String sha256) {
        return upload.resolve("../..").resolve(sha256).normalize();
    }
}
