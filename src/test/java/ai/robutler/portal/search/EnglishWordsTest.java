package ai.robutler.portal.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnglishWordsTest {

    @Test
    void thePairs_areEnglish() {
        Pairs pairs = Pairs.read("pairs.jsonl");
        List<String> texts = new ArrayList<>(pairs.intents());
        texts.addAll(pairs.wanted().keySet());
        texts.remove("asdf qwer zxcv");
        texts.remove("lorem ipsum dolor sit amet");

        assertThat(texts).filteredOn(text -> !isRead(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Debug Kubernetes clusters",
                "chatbot for WhatsApp",
                "SAP",
                "7",
                "walk dogs",
                "Translate 契約 into English",
                "Reserve hotels in La Paz and Los Angeles"
            })
    void namesAndNewWords_areLetPass(String text) {
        assertThat(isRead(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hundesalon mit Abholservice",
                "Wir kümmern uns um deine Pflanzen, während du verreist bist",
                "Organizamos bodas en la playa",
                "Nous réparons les téléphones cassés",
                "Assistenza fiscale per lavoratori autonomi",
                "Mantenimento e riparazione caldaie",
                "Pomoc w nauce matematyki",
                "Vi hjälper dig med skatten",
                "ремонт велосипедов",
                "修理自行车",
                "🎉🎉",
                "..."
            })
    void otherLanguages_areNot(String text) {
        assertThat(isRead(text)).isFalse();
    }

    private static boolean isRead(String text) {
        return SharedModel.get().reads(text);
    }
}
