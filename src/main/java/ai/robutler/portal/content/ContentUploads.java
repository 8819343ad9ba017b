package ai.robutler.portal.content;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.Upload;
import ai.robutler.portal.Ids;
import ai.robutler.portal.Json;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.jdbi.v3.core.Handle;

/** Makes files of uploads, within what each owner may have. */
final class ContentUploads {
    private static final int MOST_NUMBERS = 20;
    private static final int RANDOM_DIGITS = 8;

    private final ContentRepository files;
    private final FirstAnswers firstAnswers;
    private final ContentJson json;
    private final long quotaBytes;

    ContentUploads(ContentRepository files, FirstAnswers firstAnswers, ContentJson json, long quotaBytes) {
        this.files = files;
        this.firstAnswers = firstAnswers;
        this.json = json;
        this.quotaBytes = quotaBytes;
    }

    /** What an upload is to become. Fails with 400 for a wrong field. */
    ContentFile file(String owner, Upload upload, long now) {
        String name = FileName.clean(upload.fileName());
        return new ContentFile(
                Ids.next(),
                owner,
                name,
                name,
                upload.size(),
                upload.sha256(),
                ContentFields.of(upload),
                type(upload),
                now);
    }

    private static String type(Upload upload) {
        try (InputStream content = Files.newInputStream(upload.path())) {
            return ContentType.of(upload.contentType(), content.readNBytes(ContentType.LOOK_BYTES));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Stores the file, once for each Idempotency-Key; an equal one that is there already is the answer. */
    ObjectNode insert(PortalRequest request, ContentFile file) {
        return firstAnswers.once(request, identity(file), handle -> json.answer(insert(handle, file)));
    }

    /** What tells one upload from another. */
    private static byte[] identity(ContentFile file) {
        ObjectNode identity = Json.object();
        identity.put("sha256", file.sha256());
        identity.put("name", file.originalFileName());
        identity.put("visibility", file.about().visibility());
        identity.set("tags", Json.array(file.about().tags()));
        identity.put("description", file.about().description().orElse(null));
        return Json.bytes(identity);
    }

    private ContentFile insert(Handle handle, ContentFile file) {
        // of two uploads at the same time, the second sees what the first has used
        files.lock(handle, file.ownerId());
        for (ContentFile same : files.findSame(handle, file)) {
            if (same.about().equals(file.about())) {
                return same;
            }
        }
        checkQuota(handle, file.ownerId(), file.size());
        ContentFile named = file.called(freeName(handle, file));
        files.insert(handle, named);
        return named;
    }

    /** Fails with 413 when the owner may not have so many bytes more. */
    void checkQuota(Handle handle, String owner, long needed) {
        long used = files.used(handle, owner);
        if (used + needed > quotaBytes) {
            throw ApiException.of(
                            ErrorCode.REQUEST_TOO_LARGE,
                            "Your files have " + used + " bytes of " + quotaBytes
                                    + " that you may have (portal.content.quota-bytes); this one needs at least "
                                    + needed
                                    + " more: delete others first")
                    .withDetail("used", used)
                    .withDetail("quota", quotaBytes)
                    .withDetail("needed", needed);
        }
    }

    private String freeName(Handle handle, ContentFile file) {
        String name = file.fileName();
        for (int number = 2; files.findByName(handle, file.ownerId(), name).isPresent(); number++) {
            if (number > MOST_NUMBERS) {
                return FileName.numbered(
                        file.fileName(), file.id().substring(file.id().length() - RANDOM_DIGITS));
            }
            name = FileName.numbered(file.fileName(), Integer.toString(number));
        }
        return name;
    }
}
