package ai.robutler.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a user may be given. */
final class UserFields {
    @Mixin
    private InputFile file = new InputFile();

    @Option(names = "--name", paramLabel = "NAME", description = "The user's name.")
    private @Nullable String name;

    @Option(names = "--email", paramLabel = "ADDRESS", description = "The user's mail address.")
    private @Nullable String email;

    @Option(names = "--role", paramLabel = "ROLE", description = "user or admin.")
    private @Nullable String role;

    @Option(names = "--plan", paramLabel = "NAME", description = "The name of the user's plan.")
    private @Nullable String plan;

    @Option(names = "--active", negatable = true, description = "Whether the user's keys are valid.")
    private @Nullable Boolean active;

    /** The fields that were given, one at least. */
    ObjectNode json(Host host) {
        return new Body(file.fields(host))
                .text("name", name)
                .text("email", email)
                .text("role", role)
                .text("planName", plan)
                .flag("active", active)
                .orUsage("nothing to send; name a field such as --name, or a file with -f");
    }
}
