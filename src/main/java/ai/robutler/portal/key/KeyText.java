package ai.robutler.portal.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code rok_} + 8 characters that find it + {@code _} + 43 that are secret (256 bits) + 6 of a
 * CRC-32, so that a mistyped key is refused without asking the database. Keys that an operator has made himself, in any form,
 * are found by the beginning of a digest.
 */
public final class KeyText {
    /** Fewest characters of a key that an operator has made himself. */
    public static final int LEAST = 16;

    private static final String PREFIX = "rok_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LOOKUP = 8;
    private static final int SECRET = 43;
    private static final int CHECK = 6;
    private static final int MOST = 512;
    private static final int LENGTH = PREFIX.length() + LOOKUP + 1 + SECRET + CHECK;
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyText() {}

    /** A new key. */
    public static String next() {
        String body = PREFIX + random(LOOKUP) + "_" + random(SECRET);
        return body + check(body);
    }

    /** What finds the key in the database; empty when the text can be no key. */
    public static Optional<String> lookup(String key) {
        if (key.length() < LEAST || key.length() > MOST) {
            return Optional.empty();
        }
        if (key.length() == LENGTH && key.startsWith(PREFIX) && key.charAt(PREFIX.length() + LOOKUP) == '_') {
            String body = key.substring(0, LENGTH - CHECK);
            return check(body).equals(key.substring(LENGTH - CHECK))
                    ? Optional.of(key.substring(PREFIX.length(), PREFIX.length() + LOOKUP))
                    : Optional.empty();
        }
        return Optional.of("#" + digest("robutler lookup:" + key).substring(0, 24));
    }

    /** What is stored of the key: its SHA-256 in hexadecimal. */
    public static String digest(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** Whether the key is the one whose digest is stored; takes the same time whether it is or not. */
    public static boolean matches(String key, String storedDigest) {
        return MessageDigest.isEqual(
                digest(key).getBytes(StandardCharsets.US_ASCII), storedDigest.getBytes(StandardCharsets.US_ASCII));
    }

    /** The part that may be shown: the first 8 characters. */
    public static String prefix(String key) {
        return key.substring(0, Math.min(8, key.length()));
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return text.toString();
    }

    static String check(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        StringBuilder text = new StringBuilder(CHECK);
        for (int i = 0; i < CHECK; i++) {
            text.append(DIGITS.charAt((int) (rest % DIGITS.length())));
            rest /= DIGITS.length();
        }
        return text.toString();
    }
}
