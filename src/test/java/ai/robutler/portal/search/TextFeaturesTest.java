package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextFeaturesTest {

    @ParameterizedTest
    @CsvSource({
        "Translate legal contracts, translating legal contract",
        "legal contracts translate, Translate legal contracts",
        "résumé advice, Resume Advice!",
        "don’t panic, dont panic",
        "the of and, the of and"
    })
    void theSameWords_areEntirelySimilar(String one, String other) {
        assertThat(similarity(one, other)).isGreaterThan(0.999);
        assertThat(similarity(other, one)).isGreaterThan(0.999);
    }

    @Test
    void whatIsAskedFor_mayBeAPartOfWhatThereIs() {
        assertThat(similarity("German contract translation", "Translate legal contracts from German into English"))
                .isGreaterThan(0.7);
        assertThat(similarity("Translate legal contracts from German into English", "contracts"))
                .isLessThan(0.5);
    }

    @Test
    void typingErrors_countInPart() {
        double right = similarity("translate contracts", "translate contracts quickly");
        double wrong = similarity("transalte contracts", "translate contracts quickly");
        double other = similarity("paint contracts", "translate contracts quickly");

        assertThat(wrong).isLessThan(right).isGreaterThan(other);
    }

    @ParameterizedTest
    @CsvSource({
        "walk my dog, bake a cake",
        "how do I get this, how do I want that",
        "🍕, 🎉",
        "翻译, 做饭",
        "..., walk",
        "договор, обед"
    })
    void otherWords_areNoMatch(String one, String other) {
        assertThat(similarity(one, other)).isLessThan(0.6);
    }

    @Test
    void nothing_isLikeNothing() {
        assertThat(similarity("", "")).isZero();
        assertThat(similarity("...", "walk dogs")).isZero();
    }

    private static double similarity(String asked, String there) {
        return TextFeatures.of(asked).similarity(TextFeatures.of(there));
    }
}
