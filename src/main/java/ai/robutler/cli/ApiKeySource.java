package ai.robutler.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the API key: as typed, in the file that was named, in the environment, or where the server put the admin's. */
final class ApiKeySource {
    private static final List<String> VARIABLES = List.of("WEBAGENTS_API_KEY", "ROBUTLER_API_KEY");
    private static final int LONGEST = 1_000;

    private final Host host;
    private final @Nullable String typed;
    private final @Nullable Path file;

    ApiKeySource(Host host, @Nullable String typed, @Nullable Path file) {
        this.host = host;
        this.typed = typed;
        this.file = file;
    }

    /**
     * The key; empty when there is none.
     *
     * @param thisMachine whether the server is on this machine: the admin's key goes nowhere else
     */
    String find(boolean thisMachine) throws IOException {
        if (typed != null && file != null) {
            throw Failure.usage("--api-key and --api-key-file are both given; leave one out");
        }
        if (typed != null) {
            return checked(typed, "--api-key");
        }
        if (file != null) {
            return read(file);
        }
        for (String variable : VARIABLES) {
            String value = host.environment().getOrDefault(variable, "").strip();
            if (!value.isEmpty()) {
                return checked(value, variable);
            }
        }
        if (!thisMachine) {
            return "";
        }
        Path admins = host.localServer().data().resolve("admin-key");
        return Files.isReadable(admins) ? read(admins) : "";
    }

    private static String read(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw Failure.here("cannot read the API key in " + file + "; check that the file is there and readable");
        }
        if (Files.size(file) > LONGEST) {
            throw Failure.here(file + " is too long for an API key; it takes nothing but the key");
        }
        return checked(Files.readString(file), file.toString());
    }

    private static String checked(String key, String source) {
        String text = key.strip();
        if (text.isEmpty() || text.length() > LONGEST || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw Failure.usage("the API key of " + source + " must be one word of visible ASCII characters");
        }
        return text;
    }
}
