package ai.robutler.http;

/**
 * Writes the paths that clients use out of habit as the one that a route serves: a slash at the end, {@code /v1} before
 * or behind the agent's name, {@code /agents} before it.
 */
final class PathAliases {
    private static final String AGENTS = "/agents/";
    private static final String V1 = "/v1/";

    private PathAliases() {}

    /** The served path; the same string when it is none of the aliases. */
    static String canonical(String path) {
        String result = path;
        while (result.length() > 1 && result.endsWith("/")) {
            result = result.substring(0, result.length() - 1);
        }
        if (result.startsWith("/api/")) {
            return result;
        }
        if (result.startsWith(AGENTS)) {
            result = result.substring(AGENTS.length() - 1);
        }
        if (result.startsWith(V1)) {
            return result.substring(V1.length() - 1);
        }
        int second = result.indexOf('/', 1);
        if (second > 0 && result.startsWith(V1, second)) {
            return result.substring(0, second) + result.substring(second + V1.length() - 1);
        }
        return result;
    }
}
