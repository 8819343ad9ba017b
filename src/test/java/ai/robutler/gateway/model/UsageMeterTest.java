package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.api.openai.Usage;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageMeterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = "The quick brown fox jumps over the lazy dog. ";
    private static final long TEXT_TOKENS = new TokenCounter().ofText(TEXT);

    private final UsageMeter meter =
            new UsageMeter(json("{\"messages\":[{\"role\":\"user\",\"content\":\"" + TEXT + "\"}]}"));

    @Test
    void usage_theModelsOwnFigures_areTaken() {
        meter.wrote(TEXT);
        meter.told(json("{\"prompt_tokens\":12,\"completion_tokens\":9,\"total_tokens\":1}"));
        assertThat(meter.mustCount()).isFalse();
        assertThat(meter.usage()).isEqualTo(new Usage(12, 9, 0, 0, false));
        assertThat(meter.node().path("total_tokens").asLong()).isEqualTo(21);
    }

    @Test
    @DisplayName("R12: without figures the tokens are counted and marked as an estimate")
    void usage_withoutFigures_isCounted() {
        for (int i = 0; i < 10; i++) {
            meter.wrote(TEXT);
        }
        assertThat(meter.mustCount()).isTrue();
        assertThat(meter.usage().estimated()).isTrue();
        assertThat(meter.usage().promptTokens()).isGreaterThanOrEqualTo(TEXT_TOKENS);
        assertThat(meter.usage().completionTokens()).isBetween(9 * TEXT_TOKENS, 11 * TEXT_TOKENS);
        assertThat(meter.mustCount()).isFalse();
    }

    @Test
    void usage_longAnswerInManyParts_isCountedToItsEnd() {
        for (int i = 0; i < 5_000; i++) {
            meter.wrote(TEXT);
        }
        long expected = 5_000 * TEXT_TOKENS;
        assertThat(meter.usage().completionTokens()).isBetween(expected * 8 / 10, expected * 12 / 10);
    }

    @Test
    void usage_longAnswerInOnePart_isCountedToItsEnd() {
        meter.wrote(TEXT.repeat(5_000));
        long expected = 5_000 * TEXT_TOKENS;
        assertThat(meter.usage().completionTokens()).isBetween(expected / 2, expected * 2);
    }

    @Test
    void usage_nothingWritten_isNothing() {
        assertThat(meter.usage().completionTokens()).isZero();
    }

    @Test
    @DisplayName("R12: a model that told the prompt only, and then wrote, has its answer counted")
    void usage_promptOnly_completionIsCounted() {
        meter.told(json("{\"prompt_tokens\":12,\"completion_tokens\":0}"));
        for (int i = 0; i < 10; i++) {
            meter.wrote(TEXT);
        }
        assertThat(meter.usage().promptTokens()).isEqualTo(12);
        assertThat(meter.usage().completionTokens()).isBetween(9 * TEXT_TOKENS, 11 * TEXT_TOKENS);
        assertThat(meter.usage().estimated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"prompt_tokens\":null}", "{\"total_tokens\":5}", "{\"completion_tokens\":\"9\"}"})
    void told_whatHoldsNoCount_isNotBelieved(String usage) {
        meter.wrote(TEXT);
        meter.told(json(usage));
        assertThat(meter.usage().estimated()).isTrue();
    }

    @Test
    void told_negativeCounts_areZero() {
        meter.told(json("{\"prompt_tokens\":-5,\"completion_tokens\":9}"));
        assertThat(meter.usage()).isEqualTo(new Usage(0, 9, 0, 0, false));
    }

    @Test
    void node_keepsDetailsOfAllParts() {
        meter.told(json("{\"prompt_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":3}}"));
        meter.told(json("{\"completion_tokens\":9,\"completion_tokens_details\":{\"reasoning_tokens\":2},\"cost\":1}"));
        assertThat(meter.node().toString())
                .isEqualTo(
                        text(
                                "{\"prompt_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":3},\"completion_tokens\":9,"
                                        + "\"completion_tokens_details\":{\"reasoning_tokens\":2},\"cost\":1,\"total_tokens\":21}"));
        assertThat(meter.usage()).isEqualTo(new Usage(12, 9, 3, 2, false));
    }

    private static String text(String json) {
        return json(json).toString();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(text, broken);
        }
    }
}
