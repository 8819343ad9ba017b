package ai.robutler.gateway.model.demo;

import ai.robutler.api.openai.Usage;
import ai.robutler.gateway.model.TokenCounter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers chat completion requests by rule, so that a gateway without a language model can be seen to work.
 *
 * <p>Every text begins by saying that no language model is connected. The same request gets the same answer.
 */
public final class DemoModel {
    /** What every text begins with. */
    public static final String NOTICE =
            "No language model is connected, so this is the built-in demo answering by rule."
                    + " To connect one, set OPENAI_API_KEY, or OPENAI_BASE_URL for any OpenAI-compatible server,"
                    + " or start Ollama on this machine; then restart.";

    private static final int MAX_PASSAGES = 3;
    private static final int MAX_RESULTS = 16;
    private static final int MAX_RESULT_CHARS = 2_000;
    private static final Pattern PIECE = Pattern.compile("\\s*\\S+|\\s+");

    private final TokenCounter counter;

    /** A demo model that counts with this counter. */
    public DemoModel(TokenCounter counter) {
        this.counter = counter;
    }

    /**
     * Answers one request. After a tool's result it reports that result; where a declared tool is wanted it calls it;
     * else it quotes the instructions' best passages.
     *
     * @param request a chat completion request that {@link DemoRequest#check} has let through
     */
    public DemoReply answer(JsonNode request) {
        long promptTokens = counter.ofChat(request);
        Conversation conversation = Conversation.of(request.path("messages"));
        if (!conversation.toolResults().isEmpty()) {
            return text(NOTICE + "\n\n" + report(conversation), request, promptTokens);
        }
        Optional<JsonNode> tool = DeclaredTools.wanted(request, conversation.question());
        if (tool.isPresent()) {
            return call(tool.get(), conversation.question(), promptTokens);
        }
        return text(NOTICE + quotes(conversation), request, promptTokens);
    }

    private DemoReply call(JsonNode function, String question, long promptTokens) {
        String name = function.path("name").asText();
        String arguments =
                ToolArguments.fill(function.path("parameters"), question).toString();
        return new DemoReply.ToolCall(
                name, arguments, usage(promptTokens, counter.ofText(name) + counter.ofText(arguments)));
    }

    /** The text up to the first stop sequence, and of that as many words as the token limit allows. */
    private DemoReply text(String whole, JsonNode request, long promptTokens) {
        List<String> pieces = pieces(beforeStop(whole, request.path("stop")));
        int fitting = fitting(pieces, DemoRequest.maxTokens(request));
        return new DemoReply.Text(
                pieces.subList(0, fitting),
                fitting < pieces.size() ? "length" : "stop",
                usage(promptTokens, tokens(pieces, fitting)));
    }

    /** How many pieces have no more tokens than the limit: halves the range, since more pieces have more tokens. */
    private int fitting(List<String> pieces, long limit) {
        int fitting = 0;
        int tooMany = pieces.size() + 1;
        while (tooMany - fitting > 1) {
            int middle = (fitting + tooMany) >>> 1;
            if (tokens(pieces, middle) <= limit) {
                fitting = middle;
            } else {
                tooMany = middle;
            }
        }
        return fitting;
    }

    private long tokens(List<String> pieces, int count) {
        return counter.ofText(String.join("", pieces.subList(0, count)));
    }

    private static Usage usage(long promptTokens, long completionTokens) {
        return new Usage(promptTokens, completionTokens, 0, 0, false);
    }

    private static String report(Conversation conversation) {
        List<String> lines = new ArrayList<>();
        for (Conversation.ToolResult result : conversation.toolResults()) {
            if (lines.size() < MAX_RESULTS) {
                lines.add((result.tool().isEmpty() ? "The tool" : "The tool " + result.tool()) + " answered: "
                        + Passages.shortened(result.text(), MAX_RESULT_CHARS));
            }
        }
        return String.join("\n", lines);
    }

    private static String quotes(Conversation conversation) {
        List<String> passages = Passages.best(conversation.instructions(), conversation.question(), MAX_PASSAGES);
        if (passages.isEmpty()) {
            return "";
        }
        return "\n\nThe passages of the agent's instructions that fit best:\n> " + String.join("\n> ", passages);
    }

    private static String beforeStop(String text, JsonNode stop) {
        int end = text.length();
        for (String sequence : DemoRequest.texts(stop)) {
            int at = sequence.isEmpty() ? -1 : text.indexOf(sequence);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return text.substring(0, end);
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = PIECE.matcher(text);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }
}
