package ai.robutler.http;

/**
 * Ranks path templates so that the more specific is tried first, in whatever order routes were started or reloaded:
 * {@code /health} before {@code /{agent}}, {@code /models/{agent}} before {@code /{agent}/health}, any path last.
 */
final class PathOrder {
    private static final int SEGMENTS = 8;
    private static final int LITERAL = 0;
    private static final int PARAMETER = 1;
    private static final int ANYTHING = 2;

    private PathOrder() {}

    /** The rank of a template in Camel's spelling; smaller is more specific, from 0 to 3^8 - 1. */
    static int rank(String template) {
        String[] segments = template.substring(1).split("/", -1);
        int rank = 0;
        boolean open = false;
        for (int i = 0; i < SEGMENTS; i++) {
            int kind = open ? ANYTHING : LITERAL;
            if (i < segments.length && !open) {
                kind = kind(segments[i]);
                open = segments[i].endsWith("*");
            }
            rank = rank * 3 + kind;
        }
        return rank;
    }

    private static int kind(String segment) {
        if (segment.equals("*")) {
            return ANYTHING;
        }
        return segment.contains("{") ? PARAMETER : LITERAL;
    }
}
