package ai.robutler.api.openai;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that one answer took: the {@code usage} object of an OpenAI answer.
 *
 * @param promptTokens tokens that the model read, zero or more
 * @param completionTokens tokens that the model wrote, zero or more
 * @param cachedTokens how many of the prompt tokens came from the provider's cache; zero when it does not say
 * @param reasoningTokens how many of the completion tokens were thought and not shown; zero when it does not say
 * @param estimated whether the figures were counted here, because the model gave none
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">OpenAI: the chat completion object</a>
 */
public record Usage(
        long promptTokens, long completionTokens, long cachedTokens, long reasoningTokens, boolean estimated) {

    /** Nothing read, nothing written. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, false);

    /** Checks the counts, so that a wrong answer fails where it is read and not where it is billed. */
    public Usage {
        if (promptTokens < 0 || completionTokens < 0 || cachedTokens < 0 || reasoningTokens < 0) {
            throw new IllegalArgumentException("negative token count: " + promptTokens + ", " + completionTokens);
        }
    }

    /** Figures counted here. */
    public static Usage estimate(long promptTokens, long completionTokens) {
        return new Usage(promptTokens, completionTokens, 0, 0, true);
    }

    /** Prompt and completion tokens together; always the sum of its parts, whatever a provider says. */
    public long totalTokens() {
        return promptTokens + completionTokens;
    }

    /**
     * Reads a provider's {@code usage} object.
     *
     * @return null when the node is absent, null, or holds no token count
     */
    public static @Nullable Usage read(@Nullable JsonNode usage) {
        if (usage == null || !usage.isObject()) {
            return null;
        }
        JsonNode prompt = usage.path("prompt_tokens");
        JsonNode completion = usage.path("completion_tokens");
        if (!prompt.canConvertToLong() && !completion.canConvertToLong()) {
            return null;
        }
        return new Usage(
                atLeastZero(prompt),
                atLeastZero(completion),
                atLeastZero(usage.path("prompt_tokens_details").path("cached_tokens")),
                atLeastZero(usage.path("completion_tokens_details").path("reasoning_tokens")),
                false);
    }

    private static long atLeastZero(JsonNode count) {
        return Math.max(0, count.asLong(0));
    }
}
