package ai.robutler.portal.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether a text is one for a model that knows English. To such a model all texts of another language are alike, so
 * that without this each German question would find every German intent.
 *
 * <p>A text is English if a third of its words, names and new words aside, is in the model's vocabulary, and if it has
 * more English function words than those of other languages, where it has any of these.
 */
final class EnglishWords {
    private static final int SHORTEST = 4;
    private static final int KNOWN_SHARE = 3;
    private static final Set<String> OTHER_LANGUAGES = Set.of(("ag aus avec cherche como dans das dem der des di du een"
                    + " eine einem einen einer ett fur het ich ik ist jag je jest las les niet nicht och para pas que"
                    + " sie sono uit un una une voor wat wie wird")
            .split(" "));

    private final Set<String> vocabulary;

    private EnglishWords(Set<String> vocabulary) {
        this.vocabulary = Set.copyOf(vocabulary);
    }

    /** Reads the whole words of a tokenizer's file in the format of Hugging Face. */
    static EnglishWords of(byte[] tokenizerJson) throws IOException {
        Set<String> words = new HashSet<>();
        try (JsonParser json = new JsonFactory().createParser(tokenizerJson)) {
            JsonToken token = json.nextToken();
            while (token != null && !"vocab".equals(json.currentName())) {
                token = json.nextToken();
            }
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                if (!json.currentName().startsWith("##")) {
                    words.add(json.currentName());
                }
                json.nextToken();
            }
        }
        if (words.isEmpty()) {
            throw new IOException("the tokenizer's file has no vocabulary");
        }
        return new EnglishWords(words);
    }

    boolean areIn(String text) {
        List<String> words = Words.of(text);
        List<String> telling = words.stream()
                .filter(word -> word.length() >= SHORTEST || Words.isStopWord(word))
                .toList();
        if (telling.isEmpty()) {
            return words.stream().anyMatch(word -> word.charAt(0) < 0x80 && vocabulary.contains(word));
        }
        long known = telling.stream()
                .filter(word -> Words.isStopWord(word) || vocabulary.contains(word))
                .count();
        long english = words.stream().filter(Words::isStopWord).count();
        long foreign = words.stream().filter(OTHER_LANGUAGES::contains).count();
        return known > 0 && KNOWN_SHARE * known >= telling.size() && (foreign == 0 || foreign < english);
    }
}
