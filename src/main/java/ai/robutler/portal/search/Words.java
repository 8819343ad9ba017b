package ai.robutler.portal.search;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of a text: lower case, without accents. Where a script sets no spaces each sign is a word, and so is a
 * symbol such as an emoji. The first {@value #MOST_CHARACTERS} characters count.
 */
final class Words {
    static final int MOST_CHARACTERS = 1_000;
    private static final float STOP_WEIGHT = 0.1f;
    private static final float PLAIN_WEIGHT = 0.4f;
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
    private static final Set<String> STOP_WORDS = Set.of(("a about all also am an and any are as at be been but by can"
                    + " could did do does for from get had has have he her him his how i if in into is it its me my no"
                    + " not of on one or our out she should so some than that the their them then there these they this"
                    + " those to up was we were what when where which who why will with would you your")
            .split(" "));
    private static final Set<String> PLAIN_WORDS = Set.of(("advise agent answer ask assist assistant check create find"
                    + " give go good help know like look make need new please question show someone somebody something"
                    + " tell thing use user want write")
            .split(" "));

    private Words() {}

    /** The words in their order. */
    static List<String> of(String text) {
        String plain = ACCENTS.matcher(Normalizer.normalize(cut(text), Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        plain.codePoints().forEach(sign -> {
            if (isAlone(sign)) {
                end(word, words);
                words.add(Character.toString(sign));
            } else if (Character.isLetterOrDigit(sign)) {
                word.appendCodePoint(sign);
            } else if (sign != '\'' && sign != '’') {
                end(word, words);
            }
        });
        end(word, words);
        return words;
    }

    /** Whether a word is one that every English text has. */
    static boolean isStopWord(String word) {
        return STOP_WORDS.contains(word);
    }

    /** What a word counts, 0 to 1: little if every text has it. */
    static float weight(String word) {
        if (isStopWord(word)) {
            return STOP_WEIGHT;
        }
        return PLAIN_WORDS.contains(word) ? PLAIN_WEIGHT : 1;
    }

    /** A word without its English ending, roughly: {@code translating}, {@code translator} and {@code translate} agree. */
    static String stem(String word) {
        String singular = singular(word);
        for (String ending : List.of("ing", "ion", "ed", "er", "or", "e")) {
            int rest = singular.length() - ending.length();
            if (singular.endsWith(ending) && (rest >= 4 || (rest == 3 && "ing".equals(ending)))) {
                return single(singular.substring(0, rest));
            }
        }
        return singular;
    }

    private static String singular(String word) {
        if (word.length() < 4
                || !word.endsWith("s")
                || word.endsWith("ss")
                || word.endsWith("us")
                || word.endsWith("is")) {
            return word;
        }
        if (word.endsWith("ies")) {
            return word.substring(0, word.length() - 3) + 'y';
        }
        return word.substring(0, word.length() - 1);
    }

    private static String single(String stem) {
        int last = stem.length() - 1;
        boolean twice = last > 2 && stem.charAt(last) == stem.charAt(last - 1);
        return twice && "lsz".indexOf(stem.charAt(last)) < 0 ? stem.substring(0, last) : stem;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static boolean isAlone(int sign) {
        if (sign < 0x80) {
            return false;
        }
        int type = Character.getType(sign);
        return switch (Character.UnicodeScript.of(sign)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> Character.isLetterOrDigit(sign);
            default -> type == Character.OTHER_SYMBOL || type == Character.CURRENCY_SYMBOL;
        };
    }

    static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        boolean halved = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1));
        return text.substring(0, halved ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
    }
}
