package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code robutler intents}: what agents can do. */
@Command(
        name = "intents",
        description = "Intents, by which agents are found: list, publish, search.",
        footer = {"robutler intents publish --agent ID 'writes poems'", "robutler intents search 'a poem, please'"})
final class IntentsCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.text("INTENT", "intent"),
            Column.of("ID", "intent_id"),
            Column.of("AGENT", "agent_id"),
            Column.text("URL", "url"),
            Column.of("CREATED", "created_at"),
            Column.of("EXPIRES", "expires_at"));
    private static final List<Column> FOUND = List.of(
            Column.text("INTENT", "intent"),
            Column.of("SIMILARITY", "similarity"),
            Column.of("AGENT", "agent_id"),
            Column.text("DESCRIPTION", "agent_description"),
            Column.text("URL", "url"));
    private static final List<Column> PUBLISHED =
            List.of(Column.text("INTENT", "intent"), Column.of("ID", "intent_id"), Column.of("SUCCESS", "success"));

    private final Host host;

    @SuppressWarnings("UnusedVariable") // read by the command line's library
    @Mixin
    private HelpOption help = new HelpOption();

    IntentsCommand(Host host) {
        this.host = host;
    }

    @Command(
            name = "list",
            description = "Lists intents of yours, or of one agent.",
            footer = {"robutler intents list", "robutler intents list --agent ID -o json"})
    int list(
            @Mixin ServerOptions server,
            @Mixin Paging paging,
            @Option(names = "--agent", paramLabel = "ID", description = "Only this agent's.") @Nullable String agent) {
        ObjectNode body = new Body(null).text("agent_id", agent).json();
        Session.Listing listing = new Session.Listing("/api/intents/list", Map.of(), body, "intents");
        return server.open(host).pages(listing, COLUMNS, paging);
    }

    @Command(
            name = "publish",
            description = "Tells what an agent can do.",
            footer = {
                "robutler intents publish --agent ID --agent-url https://example.org/poet 'writes poems'",
                "robutler intents publish -f intents.yaml"
            })
    int publish(@Mixin ServerOptions server, @Mixin IntentFields fields) {
        ObjectNode body = fields.json(host);
        Session session = server.open(host);
        JsonNode results =
                session.client().call("POST", "/api/intents/publish", body).path("results");
        session.list(results, PUBLISHED, Integer.MAX_VALUE);
        for (JsonNode result : results) {
            if (!result.path("success").asBoolean(true)) {
                throw new Failure(
                        ExitCode.REFUSED, "not all intents were taken; mend those without success and send them again");
            }
        }
        return ExitCode.OK;
    }

    @Command(
            name = "search",
            description = "Finds agents by what is wanted.",
            footer = {"robutler intents search 'a poem, please'", "robutler intents search poem --mode text --limit 3"})
    int search(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "QUERY") String query,
            @Mixin SearchOptions search,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "The most that are shown, up to 100. Default: 5.")
                    int limit,
            @Option(names = "--agent", paramLabel = "ID", description = "Only this agent's.") @Nullable String agent) {
        ObjectNode body =
                new Body(null).text("intent", query).text("agent_id", agent).json();
        body.put("top_k", limit);
        search.addTo(body, "search_type");
        Session session = server.open(host);
        JsonNode answer = session.client().call("POST", "/api/intents/search", body);
        return session.list(answer.path("data").path("results"), FOUND, limit);
    }

    @Command(name = "delete", description = "Takes an intent back.", footer = "robutler intents delete ID")
    int delete(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        ObjectNode body = new Body(null).text("intent_id", id).json();
        Session session = server.open(host);
        JsonNode answer = session.client().call("POST", "/api/intents/delete", body);
        if (answer.path("data").path("deleted_count").asLong(1) == 0) {
            throw new Failure(ExitCode.REFUSED, "there is no intent " + id + "; see 'robutler intents list'");
        }
        return session.done("deleted intent " + id);
    }
}
