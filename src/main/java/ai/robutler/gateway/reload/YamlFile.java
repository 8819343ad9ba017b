package ai.robutler.gateway.reload;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** One YAML file of the operator's, and how to say what is wrong in it: file, line, field, fix. */
public final class YamlFile {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final Path path;
    private final List<String> lines;
    private final JsonNode root;

    private YamlFile(Path path, List<String> lines, JsonNode root) {
        this.path = path;
        this.lines = lines;
        this.root = root;
    }

    /**
     * Reads a file; one that does not exist, or is empty, has no fields.
     *
     * @throws IllegalArgumentException that names file, line and reason when it is not a YAML map
     */
    public static YamlFile read(Path path) throws IOException {
        if (!Files.exists(path)) {
            return new YamlFile(path, List.of(), YAML.createObjectNode());
        }
        String text = Files.readString(path);
        try {
            JsonNode root = YAML.readTree(text);
            if (root == null || root instanceof MissingNode || root.isNull()) {
                root = YAML.createObjectNode();
            }
            YamlFile file = new YamlFile(path, text.lines().toList(), root);
            if (!root.isObject()) {
                throw file.wrong("", "must be a map of fields");
            }
            return file;
        } catch (JacksonException broken) {
            throw new IllegalArgumentException(path + ":" + lineOf(broken) + ": " + problemOf(broken), broken);
        }
    }

    /** The line, from 1 on, to mend in a text that is not YAML: where a quote or bracket was opened, else where it broke. */
    public static int lineOf(JacksonException broken) {
        if (broken.getCause() instanceof MarkedYAMLException marked) {
            String context = String.valueOf(marked.getContext());
            Mark opened = context.contains("quoted") || context.contains("flow") ? marked.getContextMark() : null;
            Mark place = opened == null ? marked.getProblemMark() : opened;
            if (place != null) {
                return place.getLine() + 1;
            }
        }
        return broken.getLocation() == null ? 1 : broken.getLocation().getLineNr();
    }

    /** What is wrong there, in one line. */
    public static String problemOf(JacksonException broken) {
        if (broken.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null) {
            return "is not YAML: " + marked.getProblem();
        }
        return String.valueOf(broken.getOriginalMessage()).lines().findFirst().orElse("is not YAML");
    }

    /** The file's top map. */
    public JsonNode root() {
        return root;
    }

    /** The file's path. */
    public Path path() {
        return path;
    }

    /** An error in a field, with the line of the first place where its last name stands. */
    public IllegalArgumentException wrong(String field, String why) {
        String name = field.substring(field.lastIndexOf('.') + 1).replaceAll("\\[\\d+\\]$", "");
        int line = 1;
        for (int i = 0; i < lines.size() && !name.isEmpty(); i++) {
            if (lines.get(i).matches("\\s*(- )?['\"]?" + java.util.regex.Pattern.quote(name) + "['\"]?\\s*:.*")) {
                line = i + 1;
                break;
            }
        }
        return new IllegalArgumentException(
                path + ":" + line + ": " + (field.isEmpty() ? "the file" : field) + " " + why);
    }

    /** Passes when the node is a map of none but the named fields. */
    public void onlyFields(JsonNode node, String at, Set<String> known) {
        if (!node.isObject()) {
            throw wrong(at, "must be a map of fields");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw wrong(
                        join(at, name), "is not known; known are " + String.join(", ", new java.util.TreeSet<>(known)));
            }
        }
    }

    /** A text field; empty when absent. */
    public Optional<String> text(JsonNode node, String at, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw wrong(join(at, field), "must be a text");
        }
        return Optional.of(value.asText().strip()).filter(text -> !text.isEmpty());
    }

    /** A text field that must be there. */
    public String requiredText(JsonNode node, String at, String field) {
        return text(node, at, field).orElseThrow(() -> wrong(join(at, field), "is missing; give it a text"));
    }

    /** A list of texts; empty when absent. */
    public List<String> texts(JsonNode node, String at, String field) {
        JsonNode value = node.path(field);
        List<String> result = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return result;
        }
        if (!value.isArray()) {
            throw wrong(join(at, field), "must be a list of texts");
        }
        for (JsonNode entry : value) {
            if (!entry.isValueNode() || entry.asText().isBlank()) {
                throw wrong(join(at, field), "must be a list of texts");
            }
            result.add(entry.asText().strip());
        }
        return result;
    }

    /** A field that is true or false; the given value when absent. */
    public boolean flag(JsonNode node, String at, String field, boolean absent) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw wrong(join(at, field), "must be true or false");
        }
        return value.asBoolean();
    }

    private static String join(String at, String field) {
        return at.isEmpty() ? field : at + "." + field;
    }
}
