package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an agent may be given. */
final class AgentFields {
    @Mixin
    private InputFile file = new InputFile();

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called; part of its address.")
    private @Nullable String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for, in a sentence.")
    private @Nullable String description;

    @Option(names = "--instructions", paramLabel = "TEXT", description = "What the model is told before every chat.")
    private @Nullable String instructions;

    @Option(names = "--model", paramLabel = "MODEL", description = "The model that answers.")
    private @Nullable String model;

    @Option(names = "--intent", paramLabel = "TEXT", description = "What it can do; may be repeated.")
    private @Nullable List<String> intents;

    @Option(names = "--public", negatable = true, description = "Whether everybody may find it.")
    private @Nullable Boolean isPublic;

    @Option(names = "--credits-per-token", paramLabel = "N", description = "Its price of a token, in credits.")
    private @Nullable BigDecimal creditsPerToken;

    @Option(names = "--credits-per-call", paramLabel = "N", description = "Its price of a request, in credits.")
    private @Nullable BigDecimal creditsPerCall;

    @Option(names = "--minimum-balance", paramLabel = "N", description = "Credits that a caller must have.")
    private @Nullable BigDecimal minimumBalance;

    @Option(names = "--greeting", paramLabel = "TEXT", description = "What it says first.")
    private @Nullable String greeting;

    /** The fields that were given, one at least. */
    ObjectNode json(Host host) {
        return new Body(file.fields(host))
                .text("name", name)
                .text("description", description)
                .text("instructions", instructions)
                .text("model", model)
                .texts("intents", intents)
                .flag("isPublic", isPublic)
                .number("creditsPerToken", creditsPerToken)
                .number("creditsPerCall", creditsPerCall)
                .number("minimumBalance", minimumBalance)
                .text("greetingMessage", greeting)
                .orUsage("nothing to send; name a field such as --description, or a file with -f");
    }
}
