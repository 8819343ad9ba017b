package ai.robutler.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the path template of a requested path: a fixed one before one with placeholders. */
final class OpenApiPaths {
    private static final String AGENT = "{agent}";
    private static final String PORTAL = "/api/";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]+}");
    private static final String AGENTS_ALIAS = "/agents/";
    /** What clients reach under an agent with and without {@code /v1}. */
    private static final List<String> VERSIONED = List.of("/v1/chat/completions", "/v1/models");

    private final JsonNode paths;
    private final Predicate<JsonNode> agentName;

    /**
     * @param paths the document's paths
     * @param agentName whether a lower-case path segment can be an agent's name
     */
    OpenApiPaths(JsonNode paths, Predicate<JsonNode> agentName) {
        this.paths = paths;
        this.agentName = agentName;
    }

    /** The template of a path as requested, aliases included; empty when the document knows none. */
    Optional<String> templateOf(String requested) {
        String path = requested.replaceFirst("[?#].*", "");
        if (path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (path.startsWith(AGENTS_ALIAS)) {
            return withAgentAt(1, withoutVersion(path.substring(AGENTS_ALIAS.length() - 1)));
        }
        Optional<String> portal = path.startsWith(PORTAL) ? portalTemplate(path) : Optional.empty();
        if (portal.isPresent()) {
            return portal;
        }
        return paths.has(path) && !path.contains(AGENT) ? Optional.of(path) : withAgentAnywhere(withoutVersion(path));
    }

    /** Of the portal's templates that fit, the one with the fewest placeholders. */
    private Optional<String> portalTemplate(String path) {
        List<String> templates = new ArrayList<>();
        paths.fieldNames().forEachRemaining(templates::add);
        return templates.stream()
                .filter(template -> template.startsWith(PORTAL))
                .filter(template -> path.matches(PLACEHOLDER
                        .splitAsStream(template)
                        .map(Pattern::quote)
                        .collect(Collectors.joining("[^/]+", "", template.endsWith("}") ? "[^/]+" : ""))))
                .min(Comparator.comparingLong(
                        template -> template.chars().filter(c -> c == '{').count()));
    }

    private Optional<String> withAgentAnywhere(String path) {
        int last = path.split("/", -1).length - 1;
        return IntStream.rangeClosed(1, last)
                .mapToObj(i -> withAgentAt(i, path))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> withAgentAt(int position, String path) {
        String[] segments = path.split("/", -1);
        if (!agentName.test(TextNode.valueOf(segments[position].toLowerCase(Locale.ROOT)))) {
            return Optional.empty();
        }
        String template = String.join(
                "/",
                IntStream.range(0, segments.length)
                        .mapToObj(i -> i == position ? AGENT : segments[i])
                        .toList());
        return paths.has(template) ? Optional.of(template) : Optional.empty();
    }

    private static String withoutVersion(String path) {
        for (String end : VERSIONED) {
            if (path.lastIndexOf('/', path.length() - end.length() - 1) == 0 && path.endsWith(end)) {
                return path.substring(0, path.length() - end.length()) + end.substring("/v1".length());
            }
        }
        return path;
    }
}
