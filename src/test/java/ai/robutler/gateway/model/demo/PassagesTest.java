package ai.robutler.gateway.model.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PassagesTest {
    @Test
    void best_ranksByCommonWords() {
        assertThat(Passages.best("Red wine. Dry red wine from Spain! Beer?\nWine list", "dry red wines", 3))
                .containsExactly("Dry red wine from Spain!", "Red wine.", "Wine list");
    }

    @Test
    void best_keepsToTheLimitAndDropsRepetitions() {
        assertThat(Passages.best("Wine A. Wine A. Wine B. Wine C.", "wine", 2)).containsExactly("Wine A.", "Wine B.");
    }

    @Test
    void best_withoutCommonWordsIsTheFirstSentence() {
        assertThat(Passages.best("\n\nYou are a baker.  Be kind.", "of the wine", 3))
                .containsExactly("You are a baker.");
    }

    @Test
    void best_ofNothingIsNothing() {
        assertThat(Passages.best(" \n ", "wine", 3)).isEmpty();
    }

    @Test
    void best_shortensSentencesBetweenCharacters() {
        assertThat(Passages.best("x" + "😀".repeat(500), "", 3))
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).hasSize(300).endsWith("😀…"));
    }

    @Test
    void best_longRunsOfSpacesAreRead() {
        assertThat(Passages.best(" ".repeat(60_000) + "a.", "a", 3)).containsExactly("a.");
    }
}
