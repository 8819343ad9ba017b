package ai.robutler.http;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.multipart.MultipartParser;
import ai.robutler.http.multipart.PartHead;
import ai.robutler.http.multipart.PartListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an upload is made of: one file, in the part {@code file}, and form fields in memory. */
final class UploadParts implements PartListener {
    private static final String FILE = "file";

    private final UploadSettings settings;
    private final MultipartParser parser;
    private final IncomingFile file;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private @Nullable PartHead fileHead;
    private @Nullable String field;
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();
    private int count;

    /**
     * Nothing has come yet.
     *
     * @param boundary what stands between the parts
     * @param file takes the file's content
     */
    UploadParts(UploadSettings settings, String boundary, IncomingFile file) {
        this.settings = settings;
        this.parser = new MultipartParser(boundary, this);
        this.file = file;
    }

    /** Takes the next piece of the body. @throws ApiException 400 or 413 when it is not as it should be */
    void accept(byte[] piece) throws IOException {
        parser.accept(piece);
    }

    @Override
    public void begin(PartHead head) {
        if (head.fileName().isPresent()) {
            beginFile(head);
            return;
        }
        if (head.name().equals(FILE)) {
            throw ApiException.inField(FILE, "The part 'file' needs a file name in its Content-Disposition");
        }
        if (++count > settings.maxFields()) {
            throw ApiException.inField(
                    "body",
                    "An upload has at most " + settings.maxFields()
                            + " fields beside the file (portal.content.max-fields)");
        }
        field = head.name();
        value.reset();
    }

    private void beginFile(PartHead head) {
        if (!head.name().equals(FILE)) {
            throw ApiException.inField(FILE, "The file comes in the part 'file', and no other part is a file");
        }
        if (fileHead != null) {
            throw ApiException.inField(FILE, "An upload has one file; send each file in a request of its own");
        }
        fileHead = head;
        field = null;
    }

    @Override
    public void content(byte[] bytes, int from, int length) throws IOException {
        if (field == null) {
            if (file.size() + length > settings.maxFileBytes()) {
                throw tooLarge(settings);
            }
            file.write(bytes, from, length);
            return;
        }
        if (value.size() + length > settings.maxFieldBytes()) {
            throw ApiException.of(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "A form field is larger than " + settings.maxFieldBytes()
                            + " bytes (portal.content.max-field-bytes)");
        }
        value.write(bytes, from, length);
    }

    @Override
    public void end() {
        if (field == null) {
            return;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.toByteArray()))
                    .toString();
            fields.computeIfAbsent(field, first -> new ArrayList<>()).add(text);
        } catch (CharacterCodingException notUtf8) {
            throw ApiException.inField("body", "A form field is not UTF-8");
        }
    }

    /** What has come, once the body is whole. @throws ApiException 400 when there was no file */
    Upload upload() throws IOException {
        PartHead head = fileHead;
        if (!parser.isComplete()) {
            throw ApiException.inField("body", "The multipart body ends before its last boundary");
        }
        Optional<String> name = head == null ? Optional.empty() : head.fileName();
        if (head == null || name.isEmpty() || name.get().isEmpty()) {
            throw ApiException.inField(FILE, "The upload has no file; send it in the part 'file', with its name");
        }
        return new Upload(file.path(), file.finish(), file.size(), name.get(), head.contentType(), fields);
    }

    static ApiException tooLarge(UploadSettings settings) {
        return ApiException.of(
                        ErrorCode.REQUEST_TOO_LARGE,
                        "The file is larger than " + settings.maxFileBytes() + " bytes (portal.content.max-file-bytes)")
                .withDetail("limit", settings.maxFileBytes());
    }
}
