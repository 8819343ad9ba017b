package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an API key may be given. */
final class KeyFields {
    @Mixin
    private InputFile file = new InputFile();

    @Option(names = "--name", paramLabel = "NAME", description = "What it is for; shown in lists.")
    private @Nullable String name;

    @Option(names = "--permission", paramLabel = "NAME", description = "What it may do; may be repeated.")
    private @Nullable List<String> permissions;

    @Option(names = "--expires-in-days", paramLabel = "N", description = "Until when it is valid. Default: for ever.")
    private @Nullable Long expiresInDays;

    @Option(names = "--daily-rate-limit", paramLabel = "N", description = "Requests a day.")
    private @Nullable Long dailyRateLimit;

    @Option(names = "--daily-credit-limit", paramLabel = "N", description = "Credits a day.")
    private @Nullable BigDecimal dailyCreditLimit;

    @Option(names = "--session-credit-limit", paramLabel = "N", description = "Credits a session.")
    private @Nullable BigDecimal sessionCreditLimit;

    @Option(names = "--agent", paramLabel = "ID", description = "The agent that it belongs to.")
    private @Nullable String agent;

    @Option(names = "--allowed-agent", paramLabel = "NAME", description = "An agent that it may call; may be repeated.")
    private @Nullable List<String> allowedAgents;

    /** The fields that were given, a name among them. */
    ObjectNode json(Host host) {
        ObjectNode json = new Body(file.fields(host))
                .text("name", name)
                .texts("permissions", permissions)
                .whole("expiresInDays", expiresInDays)
                .whole("dailyRateLimit", dailyRateLimit)
                .number("dailyCreditLimit", dailyCreditLimit)
                .number("sessionCreditLimit", sessionCreditLimit)
                .text("agentId", agent)
                .texts("allowedAgents", allowedAgents)
                .json();
        if (!json.hasNonNull("name")) {
            throw Failure.usage("a key needs a name; give it one with --name");
        }
        return json;
    }
}
