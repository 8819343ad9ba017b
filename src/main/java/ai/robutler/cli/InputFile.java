package ai.robutler.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A file with the fields of what is made or changed. */
final class InputFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final int LARGEST = 10 * 1024 * 1024;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A JSON or YAML file with the fields, - for standard input; options override it.")
    private @Nullable Path file;

    /** The file's map of fields; null when no file was named. */
    @Nullable
    ObjectNode fields(Host host) {
        JsonNode content = content(host);
        if (content == null) {
            return null;
        }
        if (content instanceof ObjectNode fields) {
            return fields;
        }
        throw Failure.here(file + " must hold a map of fields; write 'name: value' lines or a JSON object");
    }

    /** What the file holds; null when no file was named. */
    @Nullable
    JsonNode content(Host host) {
        if (file == null) {
            return null;
        }
        try (InputStream in = file.toString().equals("-") ? host.terminal().in() : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw Failure.here(file + " is larger than 10 MiB; split it");
            }
            return (file.toString().endsWith(".json") ? JSON : YAML).readTree(bytes);
        } catch (JacksonException broken) {
            int line = broken.getLocation() == null ? 1 : broken.getLocation().getLineNr();
            throw Failure.here(file + ":" + line + ": is neither JSON nor YAML: "
                    + String.valueOf(broken.getOriginalMessage())
                            .lines()
                            .findFirst()
                            .orElse("")
                    + "; mend that line");
        } catch (IOException unreadable) {
            throw Failure.here("cannot read " + file + "; check that it is there and readable");
        }
    }
}
