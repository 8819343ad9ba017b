package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code robutler agents}: the portal's agents. */
@Command(
        name = "agents",
        description = "Agents of the portal: list, make, change, find.",
        footer = {"robutler agents list", "robutler agents create --name poet --instructions 'Answer in rhymes.'"})
final class AgentsCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("NAME", "name"),
            Column.of("ID", "id"),
            Column.of("MODEL", "model"),
            Column.of("PUBLIC", "isPublic"),
            Column.text("DESCRIPTION", "description"),
            Column.of("CREATED", "createdAt"));
    private static final List<Column> FOUND = List.of(
            Column.of("NAME", "name"),
            Column.of("ID", "id"),
            Column.of("SIMILARITY", "similarity"),
            Column.text("DESCRIPTION", "description"),
            Column.text("URL", "url"));

    private final Host host;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();

    AgentsCommand(Host host) {
        this.host = host;
    }

    @Command(
            name = "list",
            description = "Lists your agents, newest first.",
            footer = {"robutler agents list --limit 10", "robutler agents list --all -o csv > agents.csv"})
    int list(@Mixin ServerOptions server, @Mixin Paging paging) {
        return server.open(host).pages(new Session.Listing("/api/agents", "agents"), COLUMNS, paging);
    }

    @Command(
            name = "get",
            description = "Shows one agent with all its fields.",
            footer = {"robutler agents get poet", "robutler agents get poet -o json"})
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "NAME-OR-ID") String agent) {
        Session session = server.open(host);
        return session.show(session.client().get(path(agent)), "agent");
    }

    @Command(
            name = "create",
            description = "Makes an agent, and its API key, which is told this once.",
            footer = {
                "robutler agents create --name poet --instructions 'Answer in rhymes.' --public",
                "robutler agents create -f poet.yaml --name poet-2"
            })
    int create(@Mixin ServerOptions server, @Mixin AgentFields fields) {
        ObjectNode body = fields.json(host);
        Session session = server.open(host);
        return session.showWithKey(session.client().call("POST", "/api/agents", body), "agent", "rawApiKey");
    }

    @Command(
            name = "update",
            description = "Changes the fields of an agent that are given; the others stay.",
            footer = {
                "robutler agents update poet --model openai/gpt-4o-mini",
                "robutler agents update poet --no-public"
            })
    int update(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME-OR-ID") String agent,
            @Mixin AgentFields fields) {
        ObjectNode body = fields.json(host);
        Session session = server.open(host);
        String path = path(id(session, agent));
        return session.show(session.client().call("PATCH", path, body), "agent");
    }

    @Command(name = "delete", description = "Deletes an agent.", footer = "robutler agents delete poet")
    int delete(@Mixin ServerOptions server, @Parameters(paramLabel = "NAME-OR-ID") String agent) {
        Session session = server.open(host);
        session.client().delete(path(id(session, agent)));
        return session.done("deleted agent " + agent);
    }

    @Command(
            name = "search",
            description = "Finds agents by what they can do.",
            footer = {"robutler agents search 'writes poems'", "robutler agents search poems --mode text --limit 3"})
    int search(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "QUERY") String query,
            @Mixin SearchOptions search,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "The most that are shown. Default: 10.")
                    int limit) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("query", query).put("max_results", limit);
        search.addTo(body, "mode");
        Session session = server.open(host);
        return session.list(
                session.client().call("POST", "/api/agents/search", body).path("agents"), FOUND, limit);
    }

    @Command(
            name = "rotate-key",
            description = "Gives an agent a new API key, which is told this once.",
            footer = "robutler agents rotate-key poet -o json")
    int rotateKey(@Mixin ServerOptions server, @Parameters(paramLabel = "NAME-OR-ID") String agent) {
        Session session = server.open(host);
        String path = path(id(session, agent)) + "/api-key";
        return session.showWithKey(session.client().call("POST", path, null), "key", "rawKey");
    }

    private static String path(String agent) {
        return "/api/agents/" + PortalClient.encoded(agent);
    }

    /** The agent's id, which the server is asked for where a name was typed. */
    private static String id(Session session, String agent) {
        try {
            return UUID.fromString(agent).toString();
        } catch (IllegalArgumentException name) {
            var answer = session.client().get(path(agent));
            return answer.path("agent").path("id").asText(answer.path("id").asText(agent));
        }
    }
}
