package ai.robutler.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command is given in tests; every run has streams of its own. */
final class TestHost implements Host {
    private final LocalServer server;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Map<String, String>> served = new ArrayList<>();
    private List<Finding> findings = List.of();
    private @Nullable Archive archive;
    private String typed = "";
    private boolean interactive;
    private int columns = 80;
    private Terminal terminal = terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream());

    TestHost(int port, Path data) {
        this.server = new LocalServer(port, data);
    }

    TestHost with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** A person looks at a terminal of that width. */
    TestHost onTerminal(int width) {
        interactive = true;
        columns = width;
        return this;
    }

    TestHost typing(String text) {
        typed = text;
        return this;
    }

    TestHost finding(List<Finding> all) {
        findings = all;
        return this;
    }

    TestHost with(Archive data) {
        archive = data;
        return this;
    }

    /** The settings of each server that was started. */
    List<Map<String, String>> served() {
        return served;
    }

    /** Runs one command. */
    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        terminal = terminal(out, err);
        int exitCode = new CommandLineInterface(this).run(arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Terminal(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), out, err, interactive, columns);
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public LocalServer localServer() throws IOException {
        return server;
    }

    @Override
    public void serve(Map<String, String> settings) {
        served.add(settings);
    }

    @Override
    public ConfigurationCheck configurationCheck() {
        return settings -> findings;
    }

    @Override
    public Archive archive(Map<String, String> settings) {
        if (archive == null) {
            throw new IllegalStateException("the test has no archive");
        }
        return archive;
    }

    /**
     * What a command answered.
     *
     * @param exitCode its exit status
     * @param out standard output
     * @param err standard error
     */
    record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }
}
