package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code robutler keys}: API keys. */
@Command(
        name = "keys",
        description = "API keys: list, make, rotate, revoke.",
        footer = {"robutler keys create --name ci --expires-in-days 90", "robutler keys revoke 0190c7a0-..."})
final class KeysCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.text("NAME", "name"),
            Column.of("ID", "id"),
            Column.of("PREFIX", "keyPrefix"),
            Column.of("ACTIVE", "isActive"),
            Column.of("LAST USED", "lastUsedAt"),
            Column.of("EXPIRES", "expiresAt"),
            Column.of("SPENT", "spentCredits"));

    private final Host host;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();

    KeysCommand(Host host) {
        this.host = host;
    }

    @Command(name = "list", description = "Lists your API keys, newest first.", footer = "robutler keys list --all")
    int list(@Mixin ServerOptions server, @Mixin Paging paging) {
        return server.open(host).pages(new Session.Listing("/api/api-keys", "keys"), COLUMNS, paging);
    }

    @Command(
            name = "create",
            description = "Makes an API key. The key itself is told this once.",
            footer = {
                "robutler keys create --name ci --expires-in-days 90 --daily-credit-limit 5",
                "robutler keys create --name ci -o json | jq -r .rawKey > ci.key"
            })
    int create(@Mixin ServerOptions server, @Mixin KeyFields fields) {
        ObjectNode body = fields.json(host);
        Session session = server.open(host);
        return session.showWithKey(session.client().call("POST", "/api/api-keys", body), "key", "rawKey");
    }

    @Command(name = "get", description = "Shows one API key's fields, never the key.", footer = "robutler keys get ID")
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Session session = server.open(host);
        return session.show(session.client().get(path(id)), "key");
    }

    @Command(
            name = "rotate",
            description = "Replaces an API key by a new one, which is told this once. The old one goes on for a while.",
            footer = {"robutler keys rotate ID", "robutler keys rotate ID --grace 0"})
    int rotate(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--grace",
                            paramLabel = "TIME",
                            converter = Grace.class,
                            description = "How long the old key goes on: 30m, 24h; 0 for not at all. Default: 24h.")
                    @Nullable
                    Duration grace) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (grace != null) {
            body.put("graceSeconds", grace.toSeconds());
        }
        Session session = server.open(host);
        return session.showWithKey(session.client().call("POST", path(id) + "/rotate", body), "key", "rawKey");
    }

    @Command(
            name = "revoke",
            description = "Makes an API key invalid at once and for ever. It stays in the lists.",
            footer = "robutler keys revoke ID")
    int revoke(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Session session = server.open(host);
        session.client().delete(path(id));
        return session.done("revoked key " + id);
    }

    @Command(
            name = "stats",
            description = "Shows what an API key was used for: requests, tokens, credits.",
            footer = "robutler keys stats ID -o json")
    int stats(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Session session = server.open(host);
        return session.show(session.client().get(path(id) + "/stats"), "stats");
    }

    private static String path(String id) {
        return "/api/api-keys/" + PortalClient.encoded(id);
    }
}
