package ai.robutler.portal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Multipart;
import ai.robutler.support.RunningGateway;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups and restores of a running server, over HTTP. */
@ParameterizedClass
@EnumSource(Store.class)
final class ArchiveRouteTest {
    private final RunningPortal portal;

    ArchiveRouteTest(Store store) {
        portal = RunningPortal.start(store);
    }

    @AfterEach
    void close() {
        portal.close();
    }

    private HttpResponse<byte[]> backup() throws Exception {
        HttpRequest request = portal.gateway()
                .request("/api/admin/backup", "Authorization", "Bearer " + portal.adminKey())
                .build();
        return portal.gateway().client().send(request, BodyHandlers.ofByteArray());
    }

    private HttpResponse<String> restore(String key, byte[] backup) {
        HttpRequest.Builder request = portal.gateway().request("/api/admin/restore", "Content-Type", Multipart.TYPE);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return portal.gateway()
                .send(request.POST(BodyPublishers.ofByteArray(
                                new Multipart().file("backup.zip", backup).bytes()))
                        .build());
    }

    private int create(String email) {
        return portal.call(portal.adminKey(), "POST", "/api/users", "{\"name\":\"A\",\"email\":\"" + email + "\"}")
                .statusCode();
    }

    @Test
    void restore_ofABackup_undoesWhatCameAfterIt() throws Exception {
        assertThat(create("before@example.org")).isEqualTo(200);
        HttpResponse<byte[]> backup = backup();
        assertThat(backup.statusCode()).isEqualTo(200);
        assertThat(backup.headers().firstValue("Content-Type")).hasValue("application/zip");
        assertThat(create("after@example.org")).isEqualTo(200);

        HttpResponse<String> restored = restore(portal.adminKey(), backup.body());

        assertThat(restored.statusCode()).as(restored.body()).isEqualTo(200);
        assertThat(create("before@example.org")).isEqualTo(409);
        assertThat(create("after@example.org")).isEqualTo(200);
        Path drafts = Archives.drafts(portal.gateway().home().resolve("data"));
        RunningGateway.await("no draft is left", () -> drafts.toFile().list().length == 0);
    }

    @Test
    void restore_ofWhatIsNoBackup_is400AndChangesNothing() {
        assertThat(create("kept@example.org")).isEqualTo(200);

        HttpResponse<String> refused = restore(portal.adminKey(), new byte[] {1, 2, 3});

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("nothing was changed");
        assertThat(create("kept@example.org")).isEqualTo(409);
    }

    @Test
    void backupAndRestore_withoutAdminsKey_areRefused() {
        portal.refused(401, "", "GET", "/api/admin/backup", "");
        assertThat(restore("", new byte[0]).statusCode()).isEqualTo(401);
        assertThat(restore("wrong-wrong-wrong-wrong", new byte[0]).statusCode()).isEqualTo(401);
    }
}
