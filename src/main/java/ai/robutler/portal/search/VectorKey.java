package ai.robutler.portal.search;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name under which a {@link VectorStore} keeps a phrase's vector. */
public final class VectorKey {

    private VectorKey() {}

    /** SHA-256 of the model's name, a line feed and the phrase, as 64 lower-case hexadecimal digits. */
    public static String of(String model, String phrase) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest((model + '\n' + phrase).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
