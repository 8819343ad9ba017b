package ai.robutler.gateway.model.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Picks the sentences of a text that have most words in common with a question. */
final class Passages {
    private static final Pattern END_OF_SENTENCE = Pattern.compile("(?<=[.!?])\\s+|[\\n\\r]+");
    private static final int MAX_TEXT_CHARS = 65_536;
    private static final int MAX_SENTENCE_CHARS = 300;

    private record Scored(String sentence, int score) {}

    private Passages() {}

    /**
     * The best sentences, best first, equals in the text's order; the first sentence alone when none has a word of the
     * question. Reads the first 65 536 characters and shortens a sentence to 300.
     */
    static List<String> best(String text, String question, int limit) {
        Words asked = Words.of(question);
        List<Scored> sentences = new ArrayList<>();
        for (String part : END_OF_SENTENCE.split(shortened(text, MAX_TEXT_CHARS), -1)) {
            String sentence = part.strip();
            if (!sentence.isEmpty()) {
                sentences.add(new Scored(shortened(sentence, MAX_SENTENCE_CHARS), asked.overlap(Words.of(sentence))));
            }
        }
        List<String> best = sentences.stream()
                .filter(sentence -> sentence.score > 0)
                .sorted(Comparator.comparingInt(Scored::score).reversed())
                .map(Scored::sentence)
                .distinct()
                .limit(limit)
                .toList();
        return best.isEmpty()
                ? sentences.stream().limit(1).map(Scored::sentence).toList()
                : best;
    }

    /** The text, or its beginning and an ellipsis where it is longer; never half a character. */
    static String shortened(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
        return text.substring(0, end) + "…";
    }
}
