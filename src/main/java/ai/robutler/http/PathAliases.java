package ai.robutler.http;

import java.util.function.Predicate;

/**
 * Writes the paths that clients use out of habit as the one that a route serves: a slash at the end, {@code /v1} before
 * or behind the agent's name where OpenAI has it, {@code /agents} before the name. None of them is a second way to a page of
 * the server itself: who fences {@code /metrics} off need not fence {@code /v1/metrics} too.
 */
final class PathAliases {
    private static final String AGENTS = "/agents";
    private static final String V1 = "/v1";
    private static final String CHAT = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";

    private final Predicate<String> agentName;

    /** @param agentName whether a segment of a path can be an agent's name */
    PathAliases(Predicate<String> agentName) {
        this.agentName = agentName;
    }

    /** The served path; the same string when it is none of the aliases. */
    String canonical(String path) {
        String result = path;
        while (result.length() > 1 && result.endsWith("/")) {
            result = result.substring(0, result.length() - 1);
        }
        if (result.startsWith(AGENTS + "/") && namesAgent(result.substring(AGENTS.length()))) {
            result = result.substring(AGENTS.length());
        }
        if (result.equals(CHAT) || result.equals(MODELS) || result.startsWith(MODELS + "/")) {
            return result.substring(V1.length());
        }
        int second = result.indexOf('/', 1);
        String rest = second < 0 ? "" : result.substring(second);
        if ((rest.equals(CHAT) || rest.equals(MODELS)) && namesAgent(result)) {
            return result.substring(0, second) + rest.substring(V1.length());
        }
        return result;
    }

    private boolean namesAgent(String path) {
        int end = path.indexOf('/', 1);
        return agentName.test(end < 0 ? path.substring(1) : path.substring(1, end));
    }
}
