package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code robutler content}: files. */
@Command(
        name = "content",
        description = "Files of the portal: list, upload, download, delete.",
        footer = {"robutler content upload manual.pdf --public", "robutler content download ID"})
final class ContentCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.text("NAME", "name"),
            Column.of("ID", "id"),
            Column.of("SIZE", "sizeFormatted"),
            Column.of("VISIBILITY", "visibility"),
            Column.text("TAGS", "tags"),
            Column.of("UPLOADED", "uploadedAt"));

    private final Host host;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();

    ContentCommand(Host host) {
        this.host = host;
    }

    @Command(
            name = "list",
            description = "Lists your files, newest first.",
            footer = {"robutler content list --visibility public", "robutler content list --tag manuals --all"})
    int list(
            @Mixin ServerOptions server,
            @Mixin Paging paging,
            @Option(names = "--visibility", paramLabel = "V", description = "Only private or only public ones.")
                    @Nullable
                    String visibility,
            @Option(names = "--tag", paramLabel = "TAG", description = "Only those with the tag; may be repeated.")
                    @Nullable
                    List<String> tags) {
        Map<String, String> query = new LinkedHashMap<>();
        if (visibility != null) {
            query.put("visibility", visibility);
        }
        if (tags != null) {
            query.put("tags", String.join(",", tags));
        }
        return server.open(host).pages(new Session.Listing("/api/content", query, null, "files"), COLUMNS, paging);
    }

    @Command(name = "get", description = "Shows what is known of a file.", footer = "robutler content get ID")
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Session session = server.open(host);
        return session.show(session.client().get(path(id)), "file");
    }

    @Command(
            name = "upload",
            description = "Uploads a file.",
            footer = {
                "robutler content upload manual.pdf --public --tag manuals",
                "robutler content upload report.csv --name 2026.csv --description 'Sales of 2026'"
            })
    int upload(@Mixin ServerOptions server, @Mixin UploadFields fields) {
        Session session = server.open(host);
        JsonNode answer = fields.send(session.client(), host.terminal());
        return session.show(answer, "file");
    }

    @Command(
            name = "download",
            description = "Downloads a file, whole or not at all, and compares its SHA-256.",
            footer = {"robutler content download ID", "robutler content download ID --to - | less"})
    int download(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--to",
                            paramLabel = "FILE",
                            description = "Where to; - is standard output. Default: the file's own name, here.")
                    @Nullable
                    Path target,
            @Option(names = "--force", description = "Replace a file that is there.") boolean force) {
        Session session = server.open(host);
        JsonNode answer = session.client().get(path(id));
        JsonNode file = answer.path("file").isObject() ? answer.path("file") : answer;
        Download download = new Download(session.client(), host.terminal(), path(id) + "/download", file);
        if (target != null && target.toString().equals("-")) {
            download.toOutput();
            return ExitCode.OK;
        }
        return session.done("wrote " + download.toFile(target, force));
    }

    @Command(name = "delete", description = "Deletes a file.", footer = "robutler content delete ID")
    int delete(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Session session = server.open(host);
        session.client().delete(path(id));
        return session.done("deleted file " + id);
    }

    private static String path(String id) {
        return "/api/content/" + PortalClient.encoded(id);
    }
}
