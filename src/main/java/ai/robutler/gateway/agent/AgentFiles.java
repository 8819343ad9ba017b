package ai.robutler.gateway.agent;

import ai.robutler.api.AgentName;
import ai.robutler.gateway.reload.YamlFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The static agents: one YAML file each in {@code config/agents/}. A file that cannot be read is refused, with file, line
 * and reason, while the agent that it held before stays.
 */
public final class AgentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AgentFiles.class);
    private static final Set<String> SKILLS = Set.of("auth");
    private static final Set<String> FIELDS =
            Set.of("name", "description", "instructions", "model", "fallback_models", "skills", "public");

    private final Path folder;
    private volatile State state = new State(Map.of(), Map.of());

    /** @param folder where the files are; one that does not exist holds none */
    public AgentFiles(Path folder) {
        this.folder = folder;
        reload();
    }

    /** The agents in force, by name. */
    public Map<String, Agent> agents() {
        return state.agents();
    }

    /** The files that were refused, with the reason of each. */
    public Map<String, String> refused() {
        return state.refused();
    }

    /** Reads all files again. */
    public synchronized void reload() {
        Map<Path, Agent> byFile = new LinkedHashMap<>();
        Map<String, Agent> agents = new TreeMap<>();
        Map<String, String> refused = new LinkedHashMap<>();
        for (Path file : files()) {
            try {
                Agent agent = read(file);
                if (agents.putIfAbsent(agent.name(), agent) != null) {
                    throw new IllegalArgumentException(
                            file + ":1: name '" + agent.name() + "' is taken by another file; choose a different one");
                }
                byFile.put(file, agent);
            } catch (IllegalArgumentException | IOException broken) {
                String reason = String.valueOf(broken.getMessage());
                refused.put(file.getFileName().toString(), reason);
                LOG.error("agent file refused: {}", reason);
                Agent before = state.byFile.get(file);
                if (before != null && agents.putIfAbsent(before.name(), before) == null) {
                    byFile.put(file, before);
                }
            }
        }
        state = new State(byFile, refused);
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            LOG.error("cannot list {}; the agents stay as they are", folder, unreadable);
            return List.copyOf(state.byFile.keySet());
        }
    }

    private static Agent read(Path path) throws IOException {
        YamlFile file = YamlFile.read(path);
        JsonNode root = file.root();
        file.onlyFields(root, "", FIELDS);
        String fileName = path.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        String name = file.text(root, "", "name").orElse(fileName);
        Set<String> skills = new LinkedHashSet<>(file.texts(root, "", "skills"));
        for (String skill : skills) {
            if (!SKILLS.contains(skill)) {
                throw file.wrong("skills", "has '" + skill + "', which is not known; known are " + SKILLS);
            }
        }
        return new Agent(
                AgentName.of(name).orElseThrow(() -> file.wrong("name", "is '" + name + "'; it " + AgentName.rule())),
                file.text(root, "", "description"),
                file.requiredText(root, "", "instructions"),
                file.text(root, "", "model"),
                file.texts(root, "", "fallback_models"),
                skills,
                file.flag(root, "", "public", false),
                Optional.empty());
    }

    private record State(Map<Path, Agent> byFile, Map<String, Agent> agents, Map<String, String> refused) {

        State(Map<Path, Agent> byFile, Map<String, String> refused) {
            this(Map.copyOf(byFile), byName(byFile), Map.copyOf(refused));
        }

        private static Map<String, Agent> byName(Map<Path, Agent> byFile) {
            Map<String, Agent> result = new TreeMap<>();
            byFile.values().forEach(agent -> result.put(agent.name(), agent));
            return java.util.Collections.unmodifiableMap(result);
        }
    }
}
