package ai.robutler.gateway.model.demo;

import ai.robutler.api.openai.Usage;
import java.util.List;

/** What the demo model answers to one request. */
public sealed interface DemoReply {

    /** Tokens read and written, as counted. */
    Usage usage();

    /** Why the answer ends: {@code stop}, {@code length} or {@code tool_calls}. */
    String finishReason();

    /**
     * An answer in words.
     *
     * @param pieces the text in the pieces that are streamed: each a word with the space before it; may be empty
     * @param finishReason {@code stop}, or {@code length} when the request's limit cut the text
     * @param usage tokens read and written
     */
    record Text(List<String> pieces, String finishReason, Usage usage) implements DemoReply {
        /** Copies the pieces. */
        public Text {
            pieces = List.copyOf(pieces);
        }

        /** The whole text. */
        public String content() {
            return String.join("", pieces);
        }
    }

    /**
     * A wish to have a tool called.
     *
     * @param name the tool's name, as the request declares it
     * @param arguments a JSON object, as text
     * @param usage tokens read and written
     */
    record ToolCall(String name, String arguments, Usage usage) implements DemoReply {
        @Override
        public String finishReason() {
            return "tool_calls";
        }
    }
}
