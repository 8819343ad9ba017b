package ai.robutler.portal.search;

/**
 * An entry that was found.
 *
 * @param id the entry
 * @param phrase which of its phrases is the nearest
 * @param similarity how near that phrase is, 0 to 1; 1 for the same text, 0.7 where a person would call it a match
 */
public record PhraseMatch(String id, String phrase, double similarity) {}
