package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.portal.search.SearchHealth.State;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("UnnecessaryLambda")
final class PhraseIndexTest {
    private static final Predicate<String> ALL = id -> true;

    private final PhraseIndex index = new PhraseIndex(SharedModel::get, new MemoryVectorStore());

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void anEntry_isAsNearAsItsNearestPhrase_andThatPhraseIsTold() {
        put("a", "Repair shoes and bags", "Translate letters from Polish", "Walk dogs in the park");
        put("b", "Grow tomatoes");

        PhraseResult result = search("my boots need a new sole", SearchMode.VECTOR, 0.7);

        assertThat(result.mode()).isEqualTo("vector");
        assertThat(result.matches()).extracting(PhraseMatch::id).containsExactly("a");
        assertThat(result.matches()).extracting(PhraseMatch::phrase).containsExactly("Repair shoes and bags");
        assertThat(result.matches().get(0).similarity()).isBetween(0.7, 1.0);
    }

    @ParameterizedTest
    @EnumSource(SearchMode.class)
    void theSameText_isEntirelySimilar(SearchMode mode) {
        put("a", "Walk dogs in the park");

        PhraseResult result = search("Walk dogs in the park", mode, 0.7);

        assertThat(result.matches()).hasSize(1);
        assertThat(result.matches().get(0).similarity()).isGreaterThan(0.999).isLessThanOrEqualTo(1);
    }

    @Test
    void counts_tellWhatWasLookedAt() {
        put("a", "Walk dogs in the park");
        put("b", "Translate letters from Polish", "Translate letters from Czech");
        put("hidden", "Walk dogs in the forest");

        PhraseResult result = index.search(
                new PhraseQuery("c", "walking dogs", SearchMode.HYBRID, 0.7, 10, id -> !id.equals("hidden")));

        assertThat(result.matches()).extracting(PhraseMatch::id).containsExactly("a");
        assertThat(result.totalCandidates()).isEqualTo(2);
        assertThat(result.filteredByThreshold()).isEqualTo(1);
        assertThat(result.threshold()).isEqualTo(0.7);
        assertThat(result.mode()).isEqualTo("hybrid");
    }

    @Test
    void ofEntriesAlike_theFirstIdComesFirst_andTheLimitKeepsIt() {
        for (String id : List.of("d", "b", "a", "e", "c")) {
            put(id, "Walk dogs in the park");
        }

        PhraseResult result = index.search(new PhraseQuery("c", "walk dogs", SearchMode.VECTOR, 0, 3, ALL));

        assertThat(result.matches()).extracting(PhraseMatch::id).containsExactly("a", "b", "c");
    }

    @Test
    void collections_doNotMix() {
        put("a", "Walk dogs in the park");

        assertThat(index.search(new PhraseQuery("other", "walk dogs", SearchMode.HYBRID, 0, 9, ALL))
                        .matches())
                .isEmpty();
    }

    @Test
    void aChangedEntry_isFoundByWhatItSaysNow() {
        put("a", "Walk dogs in the park");
        put("a", "Translate letters from Polish");

        assertThat(search("walk dogs", SearchMode.HYBRID, 0.7).matches()).isEmpty();
        assertThat(search("Polish translation", SearchMode.HYBRID, 0.7).matches())
                .extracting(PhraseMatch::phrase)
                .containsExactly("Translate letters from Polish");
    }

    @Test
    void aRemovedEntry_isGone() {
        put("a", "Walk dogs in the park");
        index.remove("c", "a");
        index.remove("c", "never there");
        index.remove("never there", "a");

        PhraseResult result = search("Walk dogs in the park", SearchMode.HYBRID, 0);

        assertThat(result.matches()).isEmpty();
        assertThat(result.totalCandidates()).isZero();
        assertThat(index.health().phrases()).isZero();
        assertThat(index.health().vectors()).isZero();
    }

    @Test
    void anEntryWithoutPhrases_isRemoved_andBlankOrRepeatedPhrasesDoNotCount() {
        put("a", "Walk dogs", " ", "Walk dogs ", "");
        assertThat(index.health().phrases()).isEqualTo(1);

        put("a", " ");
        assertThat(index.health().entries()).isZero();
    }

    @Test
    void similar_tellsTheNearestOthers() {
        put("a", "Walk dogs in the park");
        put("b", "Look after cats and dogs during holidays");
        put("c", "Audit the books of a bank");

        PhraseResult result = index.similar("c", "a", 2, id -> !id.equals("nobody"));

        assertThat(result.mode()).isEqualTo("vector");
        assertThat(result.matches()).extracting(PhraseMatch::id).containsExactly("b", "c");
        assertThat(result.totalCandidates()).isEqualTo(2);
        assertThat(index.similar("c", "unknown", 2, ALL).matches()).isEmpty();
        assertThat(index.similar("unknown", "a", 2, ALL).matches()).isEmpty();
        assertThat(index.similar("c", "a", 2, "c"::equals).matches())
                .extracting(PhraseMatch::id)
                .containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\n\t"})
    void noText_matchesNothing(String text) {
        put("a", "Walk dogs in the park");

        assertThat(search(text, SearchMode.HYBRID, 0).matches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SearchMode.class)
    void anyText_canBePutAndFound(SearchMode mode) {
        List<String> texts = List.of(
                "🍕🍕",
                "🎉",
                "...",
                "\ud83c",
                "Übersetze Verträge aus dem Polnischen",
                "переводить договоры с польского",
                "готовить обед для семьи",
                "翻译波兰合同",
                "为家人做饭",
                "ترجمة العقود",
                "x".repeat(10_000),
                "walk the dog ".repeat(800),
                "\u0000\u200b\ufeff",
                "a\u0301".repeat(3_000));
        for (int i = 0; i < texts.size(); i++) {
            put("id" + i, texts.get(i));
        }

        for (int i = 0; i < texts.size(); i++) {
            PhraseResult result = search(texts.get(i), mode, 0.99);
            assertThat(result.matches())
                    .as("text %s", i)
                    .extracting(PhraseMatch::id)
                    .containsExactly("id" + i);
        }
    }

    @Test
    void inALanguageThatTheModelDoesNotKnow_wordsDecide() {
        put("a", "Fahrräder reparieren");
        put("b", "Kuchen für Geburtstage backen");
        put("c", "Verträge aus dem Polnischen übersetzen");
        put("d", "Repair bicycles");

        PhraseResult result = search("Wer kann mein Fahrrad reparieren?", SearchMode.HYBRID, 0.3);

        assertThat(result.mode()).isEqualTo("lexical");
        assertThat(result.matches()).extracting(PhraseMatch::id).containsExactly("a");
        assertThat(index.health().vectors()).isEqualTo(1);
        assertThat(search("my bike is broken", SearchMode.HYBRID, 0.7).matches())
                .extracting(PhraseMatch::id)
                .containsExactly("d");
    }

    @Test
    void numbersOutOfRange_areRefused() {
        assertThatThrownBy(() -> new PhraseQuery("c", "x", SearchMode.TEXT, Double.NaN, 1, ALL))
                .hasMessageContaining("minSimilarity");
        assertThatThrownBy(() -> new PhraseQuery("c", "x", SearchMode.TEXT, 1.1, 1, ALL))
                .hasMessageContaining("minSimilarity");
        assertThatThrownBy(() -> new PhraseQuery("c", "x", SearchMode.TEXT, 0, 0, ALL))
                .hasMessageContaining("limit");
        assertThatThrownBy(() -> index.similar("c", "a", 1_001, ALL)).hasMessageContaining("limit");
    }

    @Test
    void health_countsWhatThereIs() {
        put("a", "Walk dogs in the park", "Feed cats");
        put("b", "🎉");

        SearchHealth health = index.health();

        assertThat(health)
                .isEqualTo(new SearchHealth(State.HEALTHY, "", SharedModel.get().model(), 2, 3, 2, 0, 0));
    }

    private void put(String id, String... phrases) {
        index.put("c", id, List.of(phrases));
        Eventually.atRest(index);
    }

    private PhraseResult search(String text, SearchMode mode, double least) {
        return index.search(new PhraseQuery("c", text, mode, least, 10, ALL));
    }
}
