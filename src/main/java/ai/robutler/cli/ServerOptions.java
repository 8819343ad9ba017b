package ai.robutler.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which server is asked, and as whom. */
final class ServerOptions {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server. Default: http://localhost:PORT with the port of this folder's settings.")
    private @Nullable String url;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "The API key; others on this machine may see it, so rather use a file or the environment. "
                    + "Default: WEBAGENTS_API_KEY, ROBUTLER_API_KEY, else, for a server on this machine, the file "
                    + "admin-key of the folder robutler.data.")
    private @Nullable String apiKey;

    @Option(names = "--api-key-file", paramLabel = "FILE", description = "A file with nothing but the API key.")
    private @Nullable Path apiKeyFile;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to wait for the server: 500ms, 30s, 5m. Default: 30s.")
    private Duration timeout = Duration.ofSeconds(30);

    @Mixin
    private OutputOptions output = new OutputOptions();

    /** How the command answers. */
    Output output(Host host) {
        return new Output(host, output);
    }

    /** What to ask the server with. */
    Session open(Host host) {
        try {
            URI address = address(host);
            ApiKeySource keys = new ApiKeySource(host, apiKey, apiKeyFile);
            String key = keys.find(THIS_MACHINE.contains(String.valueOf(address.getHost())));
            return new Session(new PortalClient(address, key, timeout), new Output(host, output));
        } catch (IOException unreadable) {
            throw Failure.here("cannot read " + unreadable.getMessage() + "; check that it is there and readable");
        }
    }

    private URI address(Host host) throws IOException {
        String text = url == null ? "http://localhost:" + host.localServer().port() : url.replaceFirst("/+$", "");
        try {
            URI address = new URI(text);
            boolean known = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (known && address.getHost() != null && address.getUserInfo() == null && address.getQuery() == null) {
                return address;
            }
        } catch (URISyntaxException notAnAddress) {
            // told below
        }
        throw Failure.usage("--url takes an address such as http://localhost:8000 or https://example.org");
    }
}
