package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code robutler users}: the portal's users, for admins. */
@Command(
        name = "users",
        description = "Users of the portal; takes an admin's key.",
        footer = {"robutler users list", "robutler users create --name Alice --email alice@example.org"})
final class UsersCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.text("NAME", "name"),
            Column.of("ID", "id"),
            Column.text("EMAIL", "email"),
            Column.of("ROLE", "role"),
            Column.of("AVAILABLE", "availableCredits"),
            Column.of("USED", "usedCredits"),
            Column.of("CREATED", "createdAt"));

    private final Host host;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();

    UsersCommand(Host host) {
        this.host = host;
    }

    @Command(
            name = "list",
            description = "Lists all users, newest first.",
            footer = "robutler users list --all -o csv > users.csv")
    int list(@Mixin ServerOptions server, @Mixin Paging paging) {
        return server.open(host).pages(new Session.Listing("/api/users", "users"), COLUMNS, paging);
    }

    @Command(name = "get", description = "Shows one user.", footer = "robutler users get ID")
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Session session = server.open(host);
        return session.show(session.client().get(path(id)), "user");
    }

    @Command(
            name = "create",
            description = "Makes a user.",
            footer = {
                "robutler users create --name Alice --email alice@example.org",
                "robutler users create -f alice.yaml"
            })
    int create(@Mixin ServerOptions server, @Mixin UserFields fields) {
        ObjectNode body = fields.json(host);
        Session session = server.open(host);
        return session.showWithKey(session.client().call("POST", "/api/users", body), "user", "rawKey");
    }

    @Command(
            name = "update",
            description = "Changes the fields of a user that are given; the others stay.",
            footer = "robutler users update ID --role admin")
    int update(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id, @Mixin UserFields fields) {
        ObjectNode body = fields.json(host);
        Session session = server.open(host);
        return session.show(session.client().call("PATCH", path(id), body), "user");
    }

    private static String path(String id) {
        return "/api/users/" + PortalClient.encoded(id);
    }
}
