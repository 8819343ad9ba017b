package ai.robutler.gateway.model;

import ai.robutler.api.openai.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an answer took: from the model when it says so, field by field however it spreads its figures, else by
 * counting. It keeps at most {@link #KEPT_BYTES} of what was written, and none once the model has told its figures.
 */
final class UsageMeter {
    /** Of a longer answer without figures the rest is counted by its length. */
    static final int KEPT_BYTES = 65_536;

    private static final int BYTES_PER_TOKEN = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final TokenCounter COUNTER = new TokenCounter();

    private final ObjectNode chatRequest;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(0);
    private long writtenBytes;
    private @Nullable Usage told;
    private @Nullable ObjectNode toldNode;
    private @Nullable Usage counted;

    /** @param chatRequest what the model was asked, for counting */
    UsageMeter(ObjectNode chatRequest) {
        this.chatRequest = chatRequest;
    }

    /** The model's own figures; later ones are merged with earlier ones per field. */
    void told(JsonNode usage) {
        Usage read = Usage.read(usage);
        if (read == null || !(usage instanceof ObjectNode node)) {
            return;
        }
        Usage before = told == null ? Usage.NONE : told;
        told = new Usage(
                Math.max(before.promptTokens(), read.promptTokens()),
                Math.max(before.completionTokens(), read.completionTokens()),
                Math.max(before.cachedTokens(), read.cachedTokens()),
                Math.max(before.reasoningTokens(), read.reasoningTokens()),
                false);
        if (toldNode == null) {
            toldNode = node.deepCopy();
        } else {
            toldNode.setAll(node);
        }
        if (isTold()) {
            written.reset();
        }
    }

    /** Whether the model has told enough: some send the prompt's figure first, and the answer's when they are done. */
    private boolean isTold() {
        return told != null && (told.completionTokens() > 0 || writtenBytes == 0);
    }

    /** A JSON string of the answer, with its quotes. */
    void wrote(byte[] json, int from, int to) {
        if (to - from <= 2) {
            return;
        }
        writtenBytes += to - from - 2;
        if ((told == null || told.completionTokens() == 0) && written.size() + to - from <= KEPT_BYTES) {
            written.write(json, from, to - from);
            written.write(',');
        }
    }

    /** A text of the answer. */
    void wrote(String text) {
        if (!text.isEmpty()) {
            byte[] quoted = quoted(text);
            wrote(quoted, 0, quoted.length);
        }
    }

    /** Whether {@link #usage()} has to count, which is nothing for an event loop. */
    boolean mustCount() {
        return !isTold() && counted == null;
    }

    /** What the answer took. Counts, once, when the model did not say; to be called when all is written. */
    Usage usage() {
        Usage said = told;
        if (said != null && isTold()) {
            return said;
        }
        Usage before = counted;
        if (before == null) {
            before = Usage.estimate(said == null ? COUNTER.ofChat(chatRequest) : said.promptTokens(), countWritten());
            counted = before;
        }
        return before;
    }

    /** The {@code usage} object as the caller reads it: the model's own with our total. */
    ObjectNode node() {
        Usage usage = usage();
        ObjectNode node = toldNode == null ? JSON.createObjectNode() : toldNode;
        node.put("prompt_tokens", usage.promptTokens());
        node.put("completion_tokens", usage.completionTokens());
        node.put("total_tokens", usage.totalTokens());
        return node;
    }

    private long countWritten() {
        if (written.size() == 0) {
            return (writtenBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
        }
        byte[] strings = written.toByteArray();
        StringBuilder text = new StringBuilder(strings.length);
        String array = "[" + new String(strings, 0, strings.length - 1, StandardCharsets.UTF_8) + "]";
        try {
            JSON.readTree(array).forEach(part -> text.append(part.asText()));
        } catch (IOException notJson) {
            text.append(array);
        }
        long tokens = COUNTER.ofText(text);
        long kept = Math.max(1, strings.length);
        return writtenBytes <= kept ? tokens : Math.max(tokens, tokens * writtenBytes / kept);
    }

    private static byte[] quoted(String text) {
        try {
            return JSON.writeValueAsBytes(text);
        } catch (IOException e) {
            throw new IllegalStateException("a text is always JSON", e);
        }
    }
}
