package ai.robutler.gateway.model.demo;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The telling words of a text: lower case, without a plural's s, without the small words that every text has.
 *
 * @param stems the words, in order of their first appearance
 */
record Words(Set<String> stems) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Set<String> SMALL = Set.of(
            ("a an and are as at be but by can could did do does for from get give go had has have he her him his how i"
                            + " if in is it its let make may me my no not of on or our out please run set she should so some"
                            + " tell than that the their them then there these they this those to up use was we were what"
                            + " when where which who why will with would you your")
                    .split(" ", -1));

    /** The telling words of a text. Camel case and underscores part words, as in {@code getWeather}. */
    static Words of(String text) {
        Set<String> stems = new LinkedHashSet<>();
        Matcher words = WORD.matcher(text.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " "));
        while (words.find()) {
            String word = words.group().toLowerCase(Locale.ROOT);
            if (!SMALL.contains(word)) {
                stems.add(stem(word));
            }
        }
        return new Words(stems);
    }

    /** How many of these words the other text has too. */
    int overlap(Words other) {
        int common = 0;
        for (String stem : stems) {
            common += other.stems.contains(stem) ? 1 : 0;
        }
        return common;
    }

    private static String stem(String word) {
        boolean plural = word.length() > 3 && word.endsWith("s") && !word.endsWith("ss");
        return plural ? word.substring(0, word.length() - 1) : word;
    }
}
