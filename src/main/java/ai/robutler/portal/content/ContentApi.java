package ai.robutler.portal.content;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.http.FileAnswer;
import ai.robutler.http.Upload;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The {@code contentApi} bean: the caller's files, and the public ones of everybody. */
public final class ContentApi {
    private final Database database;
    private final ContentRepository files = new ContentRepository();
    private final ContentStore store;
    private final ContentUploads uploads;
    private final ContentJson json;
    private final Clock clock;

    /**
     * Where files are, and how many bytes of them a user may have.
     *
     * @param folder holds the contents
     * @param quotaBytes how many bytes all files of one user may have
     * @param address how addresses begin, without a slash at the end
     */
    public record Place(Path folder, long quotaBytes, Supplier<String> address) {}

    /** Content of this database. Deletes what a killed process left half done. */
    public ContentApi(Database database, FirstAnswers firstAnswers, Place place, Clock clock) throws IOException {
        this.database = database;
        this.store = new ContentStore(database, files, new Blobs(place.folder()));
        this.json = new ContentJson(place.address());
        this.uploads = new ContentUploads(files, firstAnswers, json, place.quotaBytes());
        this.clock = clock;
        store.sweep();
    }

    /** {@code GET /api/content}: the caller's own files, newest first. */
    public ObjectNode list(PortalRequest request) {
        Optional<String> visibility = request.query("visibility");
        visibility.ifPresent(ContentFields::isPublic);
        return list(request, request.userId(), visibility);
    }

    /**
     * {@code GET /api/content/agent-access}: the public files of the owner of the key's agent; of the caller, when the key
     * belongs to no agent.
     */
    public ObjectNode agentAccess(PortalRequest request) {
        if (!request.query("visibility").map(ContentFields::isPublic).orElse(true)) {
            throw ApiException.inField("visibility", "Agents see public files only: visibility=public");
        }
        Optional<String> agent = request.owner().agentId();
        String owner = agent.isEmpty()
                ? request.userId()
                : database.read(handle -> files.ownerOfAgent(handle, agent.get()))
                        .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "The agent of this API key is gone"));
        return list(request, owner, Optional.of("public"));
    }

    private ObjectNode list(PortalRequest request, String owner, Optional<String> visibility) {
        Page page = Page.of(request);
        List<String> tags = ContentFields.tags("tags", request.query().getOrDefault("tags", List.of()));
        ContentRepository.Filter filter = new ContentRepository.Filter(visibility, tags);
        List<ContentFile> found = database.read(handle -> files.list(handle, owner, filter, page));
        ObjectNode answer = Json.object();
        page.write(answer, "files", found, json::of, ContentFile::id);
        return answer;
    }

    /** Passes a request on whose caller may have more files. Fails with 413. */
    public PortalRequest admit(PortalRequest request) {
        return database.read(handle -> {
            uploads.checkQuota(handle, request.userId(), 1);
            return request;
        });
    }

    /**
     * {@code POST /api/content}: keeps a file. The same file, sent again under its name with the same fields, is the one
     * that is there. Fails with 413 when the caller has too many bytes, 503 when the disk is full.
     */
    public ObjectNode upload(PortalRequest request, Upload upload) {
        ContentFile file = uploads.file(request.userId(), upload, clock.millis());
        return store.keep(upload.path(), file, () -> uploads.insert(request, file));
    }

    /** {@code GET /api/content/{id}}. */
    public ObjectNode get(PortalRequest request) {
        return json.answer(find(request));
    }

    /** {@code GET /api/content/{id}/download}. */
    public FileAnswer download(PortalRequest request) {
        return answer(find(request));
    }

    /** {@code GET /api/content/public/{id}/{fileName}}, for everybody; the name is not looked at. */
    public FileAnswer publicDownload(PortalRequest request) {
        ContentFile file = database.read(handle -> files.find(handle, request.pathParameter("id")))
                .filter(found -> found.about().isPublic())
                .orElseThrow(ContentApi::notThere);
        return answer(file);
    }

    private FileAnswer answer(ContentFile file) {
        return new FileAnswer(
                store.path(file),
                file.size(),
                ContentType.served(file.contentType()),
                file.sha256(),
                Instant.ofEpochMilli(file.createdAt()),
                ContentJson.disposition(file.fileName()));
    }

    /** {@code PATCH /api/content/{id}}. Fails with 409 when another file of the owner has the new name. */
    public ObjectNode update(PortalRequest request) {
        ContentFile changed = database.write(handle -> {
            String id = request.pathParameter("id");
            files.lock(handle, mine(request, files.find(handle, id)).ownerId());
            ContentFile file = mine(request, files.find(handle, id));
            ContentFile wanted = ContentFields.changed(file, request.fields());
            if (!wanted.fileName().equals(file.fileName())
                    && files.findByName(handle, file.ownerId(), wanted.fileName())
                            .isPresent()) {
                throw ApiException.of(ErrorCode.CONFLICT, "Another file is called '" + wanted.fileName() + "'")
                        .withDetail("param", "name");
            }
            files.update(handle, wanted, clock.millis());
            return wanted;
        });
        return json.answer(changed);
    }

    /** {@code DELETE /api/content/{id}}. */
    public ObjectNode delete(PortalRequest request) {
        return delete(find(request));
    }

    /** {@code DELETE /api/content?fileName=}: the caller's file of that name. */
    public ObjectNode deleteByName(PortalRequest request) {
        String name = request.query("fileName")
                .or(() -> request.query("file_name"))
                .orElseThrow(() -> ApiException.inField(
                        "fileName", "The parameter 'fileName' is missing; it takes the name of the file to delete"));
        return delete(database.read(handle -> files.findByName(handle, request.userId(), name))
                .orElseThrow(ContentApi::notThere));
    }

    private ObjectNode delete(ContentFile file) {
        store.remove(file);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("id", file.id());
        return answer;
    }

    private ContentFile find(PortalRequest request) {
        return mine(request, database.read(handle -> files.find(handle, request.pathParameter("id"))));
    }

    private static ContentFile mine(PortalRequest request, Optional<ContentFile> file) {
        return file.filter(found -> request.mayAct(found.ownerId())).orElseThrow(ContentApi::notThere);
    }

    private static ApiException notThere() {
        return ApiException.of(ErrorCode.NOT_FOUND, "There is no such file");
    }
}
