package ai.robutler.portal.content;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.Multipart;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class ContentApiTest {
    private final RunningPortal portal;
    private final String ann;
    private final String bob;

    ContentApiTest(Store store) {
        portal = RunningPortal.shared(store);
        ann = portal.newUserKey();
        bob = portal.newUserKey();
    }

    @Test
    void anUpload_isToldOf_listedAndSentAgain() {
        JsonNode file = upload(
                ann,
                text("hello")
                        .field("visibility", "public")
                        .field("description", "A greeting")
                        .field("tags", "b, a,b"));

        assertThat(file.path("name").asText()).isEqualTo("hello.txt");
        assertThat(file.path("originalFileName").asText()).isEqualTo("hello.txt");
        assertThat(file.path("size").asInt()).isEqualTo(5);
        assertThat(file.path("sizeFormatted").asText()).isEqualTo("5 B");
        assertThat(file.path("visibility").asText()).isEqualTo("public");
        assertThat(file.path("tags").toString()).isEqualTo("[\"b\",\"a\"]");
        assertThat(file.path("description").asText()).isEqualTo("A greeting");
        assertThat(file.path("contentType").asText()).isEqualTo("text/plain");
        assertThat(file.path("sha256").asText()).startsWith("2cf24dba5fb0a30e");
        JsonNode got = portal.ok(ann, "GET", "/api/content/" + id(file), "");
        assertThat(got).isEqualTo(file);
        assertThat(portal.ok(ann, "GET", "/api/content", "").path("files").path(0))
                .isEqualTo(file.path("file"));
        assertThat(download(ann, "/api/content/" + id(file) + "/download").body())
                .isEqualTo("hello");
    }

    @Test
    void theOtherPath_takesUploadsToo_privateUnlessTheySayOtherwise() {
        JsonNode file = Json.of(post(ann, "/api/content/upload", text("other").bytes()));
        assertThat(file.path("visibility").asText()).isEqualTo("private");
        assertThat(file.path("description").isNull()).isTrue();
    }

    @Test
    void theAddress_isWhereTheFileIs() {
        JsonNode open = upload(ann, text("ä b%2f").field("visibility", "public"));
        JsonNode closed = upload(ann, text("closed"));

        String path = URI.create(open.path("url").asText()).getRawPath();
        assertThat(path).startsWith("/api/content/public/" + id(open) + "/");
        assertThat(open.path("url").asText())
                .isEqualTo("http://localhost:" + portal.gateway().port() + path);
        assertThat(download("", path).body()).isEqualTo("ä b%2f");
        assertThat(download(ann, URI.create(closed.path("url").asText()).getRawPath())
                        .body())
                .isEqualTo("closed");
    }

    @Test
    void aDownload_isNothingThatABrowserShows() {
        byte[] page = "<html><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        JsonNode file = upload(
                ann,
                new Multipart()
                        .part("form-data; name=\"file\"; filename=\"página.html\"\r\nContent-Type: text/html", page)
                        .field("visibility", "public"));
        HttpResponse<String> answer =
                download("", URI.create(file.path("url").asText()).getRawPath());

        assertThat(file.path("contentType").asText()).isEqualTo("text/html");
        assertThat(answer.headers().map())
                .containsEntry("content-type", List.of("application/octet-stream"))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry(
                        "content-security-policy", List.of("default-src 'none'; sandbox; frame-ancestors 'none'"))
                .containsEntry(
                        "content-disposition",
                        List.of("attachment; filename=\"p_gina.html\"; filename*=UTF-8''p%C3%A1gina.html"))
                .containsEntry("etag", List.of("\"" + file.path("sha256").asText() + "\""));
    }

    @Test
    void aDownload_isSentInPart_orNotAgain() {
        JsonNode file = upload(ann, text("0123456789"));
        String path = "/api/content/" + id(file) + "/download";

        assertThat(download(ann, path, "Range", "bytes=2-4").body()).isEqualTo("234");
        assertThat(call(ann, "GET", path, "Range", "bytes=10-").statusCode()).isEqualTo(416);
        assertThat(call(
                                ann,
                                "GET",
                                path,
                                "If-None-Match",
                                "\"" + file.path("sha256").asText() + "\"")
                        .statusCode())
                .isEqualTo(304);
        assertThat(call(ann, "HEAD", path).headers().firstValue("content-length"))
                .contains("10");
    }

    @Test
    void whatIsNotYours_isNotThere() {
        JsonNode file = upload(ann, text("secret of ann"));
        String path = "/api/content/" + id(file);

        portal.refused(404, bob, "GET", path, "");
        portal.refused(404, bob, "GET", path + "/download", "");
        portal.refused(404, bob, "PATCH", path, "{\"visibility\":\"public\"}");
        portal.refused(404, bob, "DELETE", path, "");
        portal.refused(404, bob, "DELETE", "/api/content?fileName=secret%20of%20ann.txt", "");
        portal.refused(404, "", "GET", "/api/content/public/" + id(file) + "/x", "");
        assertThat(portal.ok(bob, "GET", "/api/content", "").path("files")).isEmpty();
        assertThat(portal.ok(portal.adminKey(), "GET", path, "").path("id")).isEqualTo(file.path("id"));
        portal.refused(404, ann, "GET", "/api/content/no-such-id", "");
    }

    @Test
    void withoutAKey_onlyPublicFilesAreThere() {
        portal.refused(401, "", "GET", "/api/content", "");
        portal.refused(401, "", "GET", "/api/content/agent-access", "");
        HttpResponse<String> refused = post("", "/api/content", text("nobody's").bytes());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("connection")).contains("close");
    }

    @Test
    void aList_isPagedAndFiltered() {
        String cy = portal.newUserKey();
        for (int i = 0; i < 5; i++) {
            upload(
                    cy,
                    text("file " + i)
                            .field("visibility", i % 2 == 0 ? "public" : "private")
                            .field("tags", "t" + i % 2 + ",All"));
        }
        assertThat(names(cy, "")).containsExactly("file 4.txt", "file 3.txt", "file 2.txt", "file 1.txt", "file 0.txt");
        assertThat(names(cy, "?visibility=private")).containsExactly("file 3.txt", "file 1.txt");
        assertThat(names(cy, "?tags=t0")).containsExactly("file 4.txt", "file 2.txt", "file 0.txt");
        assertThat(names(cy, "?tags=t0,All&limit=1&offset=1")).containsExactly("file 2.txt");
        assertThat(names(cy, "?tags=t0&tags=t1")).isEmpty();
        assertThat(names(cy, "?tags=all")).isEmpty();
        JsonNode first = portal.ok(cy, "GET", "/api/content?limit=3", "");
        assertThat(names(cy, "?limit=3&cursor=" + first.path("next_cursor").asText()))
                .containsExactly("file 1.txt", "file 0.txt");
        portal.refused(400, cy, "GET", "/api/content?visibility=secret", "");
        portal.refused(400, cy, "GET", "/api/content?limit=0", "");
    }

    @Test
    void anAgentsKey_seesThePublicFilesOfTheAgentsOwner() {
        upload(ann, text("for agents").field("visibility", "public"));
        upload(ann, text("not for agents"));
        String annId = portal.ok(ann, "GET", "/api/user", "").at("/user/id").asText();
        JsonNode agent = portal.ok(
                ann, "POST", "/api/agents", "{\"name\":\"files-" + annId + "\",\"instructions\":\"Tell of files.\"}");
        String agentsKey = agent.path("rawApiKey").asText();

        JsonNode files = portal.ok(agentsKey, "GET", "/api/content/agent-access?visibility=public", "")
                .path("files");
        assertThat(files).extracting(file -> file.path("name").asText()).containsExactly("for agents.txt");
        assertThat(portal.ok(ann, "GET", "/api/content/agent-access", "").path("files"))
                .isEqualTo(files);
        portal.refused(400, ann, "GET", "/api/content/agent-access?visibility=private", "");
    }

    @Test
    void aChange_isKept() {
        JsonNode file = upload(ann, text("before").field("visibility", "public").field("tags", "x"));
        String path = "/api/content/" + id(file);

        JsonNode changed = portal.ok(
                ann,
                "PATCH",
                path,
                "{\"visibility\":\"private\",\"description\":\"d\",\"tags\":[\"y\"],\"name\":\"../after.txt\"}");
        assertThat(changed.path("name").asText()).isEqualTo("after.txt");
        assertThat(changed.path("originalFileName").asText()).isEqualTo("before.txt");
        assertThat(changed.path("tags").toString()).isEqualTo("[\"y\"]");
        assertThat(portal.ok(ann, "GET", path, "")).isEqualTo(changed);
        portal.refused(404, "", "GET", "/api/content/public/" + id(file) + "/after.txt", "");
        assertThat(portal.ok(ann, "PATCH", path, "{\"description\":null}")
                        .path("description")
                        .isNull())
                .isTrue();
        assertThat(portal.ok(ann, "PATCH", path, "{}").path("tags").toString()).isEqualTo("[\"y\"]");
    }

    @Test
    void aChangeThatCannotBe_isRefused() {
        upload(ann, text("taken"));
        String path = "/api/content/" + id(upload(ann, text("mine")));

        assertThat(portal.refused(409, ann, "PATCH", path, "{\"name\":\"taken.txt\"}")
                        .at("/details/param")
                        .asText())
                .isEqualTo("name");
        portal.refused(400, ann, "PATCH", path, "{\"visibility\":\"everybody\"}");
        portal.refused(400, ann, "PATCH", path, "{\"tags\":7}");
        portal.refused(400, ann, "PATCH", path, "{\"tags\":[\"\\\"\"]}");
        portal.refused(400, ann, "PATCH", path, "{\"name\":\" \"}");
        portal.refused(400, ann, "PATCH", path, "[]");
    }

    @Test
    void aDeletedFile_isGone_byIdAndByName() {
        JsonNode one = upload(ann, text("one"));
        JsonNode two = upload(ann, text("two"));

        assertThat(portal.ok(ann, "DELETE", "/api/content/" + id(one), "")
                        .path("success")
                        .asBoolean())
                .isTrue();
        assertThat(portal.ok(ann, "DELETE", "/api/content?fileName=two.txt", "").path("id"))
                .isEqualTo(two.path("id"));
        portal.refused(404, ann, "GET", "/api/content/" + id(one), "");
        portal.refused(404, ann, "DELETE", "/api/content?fileName=two.txt", "");
        portal.refused(400, ann, "DELETE", "/api/content", "");
        assertThat(blob(one)).doesNotExist();
        assertThat(blob(two)).doesNotExist();
    }

    @Test
    void theSameContent_isStoredOnce_andGoesWithItsLastFile() {
        JsonNode anns = upload(ann, text("shared"));
        JsonNode bobs = upload(bob, text("shared"));
        JsonNode other = upload(ann, new Multipart().file("other.txt", "shared".getBytes(StandardCharsets.UTF_8)));

        assertThat(blob(anns)).hasContent("shared");
        portal.ok(ann, "DELETE", "/api/content/" + id(anns), "");
        portal.ok(bob, "DELETE", "/api/content/" + id(bobs), "");
        assertThat(download(ann, "/api/content/" + id(other) + "/download").body())
                .isEqualTo("shared");
        portal.ok(ann, "DELETE", "/api/content/" + id(other), "");
        assertThat(blob(anns)).doesNotExist();
    }

    @Test
    void theSameFileAgain_isTheOneThatIsThere_andAnotherUnderItsNameIsNumbered() {
        JsonNode first = upload(ann, named("again.txt", "1"));
        assertThat(upload(ann, named("again.txt", "1"))).isEqualTo(first);
        assertThat(upload(ann, named("again.txt", "2")).path("name").asText()).isEqualTo("again (2).txt");
        assertThat(upload(ann, named("again.txt", "1").field("tags", "x"))
                        .path("name")
                        .asText())
                .isEqualTo("again (3).txt");
        assertThat(upload(bob, named("again.txt", "1")).path("id")).isNotEqualTo(first.path("id"));
    }

    @Test
    void anUploadUnderTheSameKey_isKeptOnce_andAnotherIs409() {
        byte[] body = named("once.txt", "1").bytes();
        JsonNode first = Json.of(post(ann, "/api/content", body, "Idempotency-Key", "once"));
        portal.ok(ann, "DELETE", "/api/content/" + id(first), "");

        assertThat(Json.of(post(ann, "/api/content", body, "Idempotency-Key", "once")))
                .isEqualTo(first);
        assertThat(blob(first)).doesNotExist();
        assertThat(post(ann, "/api/content", named("once.txt", "2").bytes(), "Idempotency-Key", "once")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void whatIsWrongWithAnUpload_isSaid() {
        assertThat(refusedField(text("x").field("visibility", "everybody"))).isEqualTo("visibility");
        assertThat(refusedField(text("x").field("tags", "a".repeat(65)))).isEqualTo("tags");
        assertThat(refusedField(text("x").field("description", "a".repeat(2001))))
                .isEqualTo("description");
        assertThat(refusedField(new Multipart().field("visibility", "public"))).isEqualTo("file");
        HttpResponse<String> notAForm = portal.call(ann, "POST", "/api/content", "{}");
        assertThat(notAForm.statusCode()).isEqualTo(415);
    }

    @Test
    void uploadsOfManyAtTheSameTime_areAllKept() throws Exception {
        List<Callable<JsonNode>> uploads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String content = "content " + i % 4;
            uploads.add(() -> upload(bob, named("many.txt", content).field("tags", "many")));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<JsonNode> done : threads.invokeAll(uploads)) {
                assertThat(done.get().path("id").asText()).isNotEmpty();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(names(bob, "?tags=many"))
                .containsExactlyInAnyOrder("many.txt", "many (2).txt", "many (3).txt", "many (4).txt");
    }

    private String refusedField(Multipart body) {
        HttpResponse<String> answer = post(ann, "/api/content", body.bytes());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return Json.of(answer).at("/details/param").asText();
    }

    private List<String> names(String key, String query) {
        List<String> names = new ArrayList<>();
        portal.ok(key, "GET", "/api/content" + query, "")
                .path("files")
                .forEach(file -> names.add(file.path("name").asText()));
        return names;
    }

    private Path blob(JsonNode file) {
        String sha256 = file.path("sha256").asText();
        Path folder = portal.gateway().home().resolve("data/content");
        assertThat(Files.isDirectory(folder)).isTrue();
        return folder.resolve(sha256.substring(0, 2))
                .resolve(sha256.substring(2, 4))
                .resolve(sha256);
    }

    /** A file that is called as its content. */
    private static Multipart text(String content) {
        return named(content + ".txt", content);
    }

    private static Multipart named(String name, String content) {
        return new Multipart().file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static String id(JsonNode file) {
        return file.path("id").asText();
    }

    private JsonNode upload(String key, Multipart body) {
        HttpResponse<String> answer = post(key, "/api/content", body.bytes());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.of(answer);
    }

    private HttpResponse<String> post(String key, String path, byte[] body, String... headers) {
        return send(request(key, path, headers)
                .header("Content-Type", Multipart.TYPE)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<String> download(String key, String path, String... headers) {
        HttpResponse<String> answer = call(key, "GET", path, headers);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 206);
        return answer;
    }

    private HttpResponse<String> call(String key, String method, String path, String... headers) {
        return send(request(key, path, headers).method(method, BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String key, String path, String... headers) {
        HttpRequest.Builder request = portal.gateway().request(path, headers);
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpResponse<String> answer = portal.gateway().send(request.build());
        if (!answer.request().method().equals("HEAD")) {
            portal.check(answer);
        }
        return answer;
    }
}
