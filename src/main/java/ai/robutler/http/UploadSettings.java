package ai.robutler.http;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The limits of uploads.
 *
 * @param folder where files are while they come; emptied at the start, so no other process may use it
 * @param maxFileBytes the longest file that is taken; a longer one is answered with 413
 * @param maxUploads most uploads that are coming, or not yet kept, at the same time; more are answered with 503
 * @param maxFields most form fields beside the file
 * @param maxFieldBytes longest value of one of them
 * @param progressTime in each such span of time ...
 * @param progressBytes ... so many bytes must come; fewer are answered with 408
 */
public record UploadSettings(
        Path folder,
        long maxFileBytes,
        int maxUploads,
        int maxFields,
        int maxFieldBytes,
        Duration progressTime,
        long progressBytes) {

    /** The longest body: the file, all fields, and the heads of their parts. */
    long maxBodyBytes() {
        return maxFileBytes + (long) (maxFields + 2) * (maxFieldBytes + 8 * 1024L);
    }
}
