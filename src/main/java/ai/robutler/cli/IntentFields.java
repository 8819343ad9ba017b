package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Intents to publish: as typed, for one agent, or as a file has them. */
final class IntentFields {
    @Mixin
    private InputFile file = new InputFile();

    @Parameters(paramLabel = "INTENT", arity = "0..*", description = "What the agent can do, in a sentence.")
    private List<String> intents = List.of();

    @Option(names = "--agent", paramLabel = "ID", description = "The agent that can do it.")
    private @Nullable String agent;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the agent is, at most 256 characters.")
    private @Nullable String description;

    @Option(names = "--agent-url", paramLabel = "URL", description = "Where the agent is called.")
    private @Nullable String url;

    /** The request, with one intent at least. */
    ObjectNode json(Host host) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        JsonNode content = file.content(host);
        if (content != null) {
            JsonNode list = content.path("intents").isArray() ? content.path("intents") : content;
            (list.isArray() ? list : List.of(list)).forEach(all::add);
        }
        intents.forEach(intent -> all.add(JsonNodeFactory.instance.objectNode().put("intent", intent)));
        if (all.isEmpty()) {
            throw Failure.usage("no intent; type one, or name a file with -f");
        }
        for (JsonNode one : all) {
            if (!(one instanceof ObjectNode intent)) {
                throw Failure.here("each intent of the file must be a map of fields; write '- intent: text'");
            }
            new Body(intent)
                    .text("agent_id", agent)
                    .text("description", description)
                    .text("url", url);
            if (!intent.hasNonNull("agent_id")) {
                throw Failure.usage("an intent needs its agent; name it with --agent");
            }
        }
        return JsonNodeFactory.instance.objectNode().set("intents", all);
    }
}
