package ai.robutler.gateway.model;

import java.util.Set;

/** Why an answer ended, in the words that clients know. */
final class FinishReason {
    private static final Set<String> KNOWN = Set.of("stop", "length", "tool_calls", "content_filter");

    private FinishReason() {}

    /** The nearest known word; official clients break on any other. */
    static String known(String sent, boolean calledTools) {
        if (KNOWN.contains(sent)) {
            return sent;
        }
        if (calledTools || sent.equals("function_call") || sent.equals("tool_use")) {
            return "tool_calls";
        }
        return sent.contains("max") || sent.contains("length") ? "length" : "stop";
    }
}
