package ai.robutler.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts tokens as OpenAI's current models do (encoding {@code o200k_base}).
 *
 * <p>The encoding is loaded by the first count, which takes a good part of a second. A count takes time in proportion to
 * the length of its text, whatever the text: it is cut into pieces, which may count a word at a cut as two.
 */
public final class TokenCounter {
    private static final int PIECE_CHARS = 2048;
    private static final int SEEK_CHARS = 256;
    private static final int SCHEMA_DEPTH = 8;
    private static final int PER_CHAT = 3;
    private static final int PER_MESSAGE = 3;
    private static final int PER_NAME = 1;
    private static final int PER_TOOLS = 12;
    private static final int PER_TOOL = 7;
    private static final int PER_PROPERTY = 3;

    /** Tokens of a text; special tokens such as {@code <|endoftext|>} count as the characters that they are. */
    public long ofText(CharSequence text) {
        long tokens = 0;
        int from = 0;
        while (from < text.length()) {
            int to = endOfPiece(text, from);
            tokens += Loaded.ENCODING.countTokensOrdinary(
                    text.subSequence(from, to).toString());
            from = to;
        }
        return tokens;
    }

    /**
     * Prompt tokens of a chat completion request: messages exactly for text, tool definitions approximately. Images,
     * sound and anything malformed count as nothing.
     *
     * @see <a href="https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken">OpenAI cookbook: counting
     *     tokens</a>
     */
    public long ofChat(JsonNode chatRequest) {
        long tokens = PER_CHAT;
        for (JsonNode message : chatRequest.path("messages")) {
            tokens += ofMessage(message);
        }
        JsonNode tools = chatRequest.path("tools");
        if (tools.isArray() && !tools.isEmpty()) {
            tokens += PER_TOOLS;
            for (JsonNode tool : tools) {
                tokens += ofTool(tool.path("function"));
            }
        }
        return tokens;
    }

    private long ofMessage(JsonNode message) {
        long tokens = PER_MESSAGE + ofNode(message.path("role")) + ofContent(message.path("content"));
        JsonNode name = message.path("name");
        if (name.isTextual()) {
            tokens += PER_NAME + ofNode(name);
        }
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            tokens += PER_MESSAGE + ofNode(function.path("name")) + ofNode(function.path("arguments"));
        }
        return tokens;
    }

    private long ofContent(JsonNode content) {
        long tokens = ofNode(content);
        for (JsonNode part : content) {
            if ("text".equals(part.path("type").asText())) {
                tokens += ofNode(part.path("text"));
            }
        }
        return tokens;
    }

    private long ofTool(JsonNode function) {
        return PER_TOOL
                + ofNode(function.path("name"))
                + ofNode(function.path("description"))
                + ofSchema(function.path("parameters"), SCHEMA_DEPTH);
    }

    private long ofSchema(JsonNode schema, int depth) {
        if (depth == 0) {
            return 0;
        }
        long tokens = 0;
        for (var property : schema.path("properties").properties()) {
            JsonNode value = property.getValue();
            tokens += PER_PROPERTY
                    + ofText(property.getKey())
                    + ofNode(value.path("type"))
                    + ofNode(value.path("description"))
                    + ofSchema(value, depth - 1);
        }
        for (JsonNode choice : schema.path("enum")) {
            tokens += 1 + ofText(choice.asText());
        }
        return schema.has("items") ? tokens + ofSchema(schema.path("items"), depth - 1) : tokens;
    }

    private long ofNode(JsonNode text) {
        return text.isTextual() ? ofText(text.textValue()) : 0;
    }

    /** The last start of a word in the piece, where the encoding cuts too; failing that, between two characters. */
    private static int endOfPiece(CharSequence text, int from) {
        int limit = from + PIECE_CHARS;
        if (limit >= text.length()) {
            return text.length();
        }
        for (int at = limit; at > limit - SEEK_CHARS; at--) {
            if (text.charAt(at) == ' ' && !Character.isWhitespace(text.charAt(at - 1))) {
                return at;
            }
        }
        boolean inPair =
                Character.isHighSurrogate(text.charAt(limit - 1)) && Character.isLowSurrogate(text.charAt(limit));
        return inPair ? limit - 1 : limit;
    }

    /** Holds the encoding, so that it is loaded when first used and never at start-up. */
    private static final class Loaded {
        private static final Encoding ENCODING =
                Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }
}
