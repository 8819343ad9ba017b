package ai.robutler.portal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what only the bearer of one API key may read again, with a key that is derived from it and stored nowhere
 * (AES-256-GCM). An answer that shows a secret once can so be given again to a repeated request.
 */
public final class Seal {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;

    private Seal(SecretKeySpec key) {
        this.key = key;
    }

    /** The seal of the bearer of this API key. */
    public static Seal of(String apiKey) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(apiKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] derived = mac.doFinal("robutler: answers to repeated requests".getBytes(StandardCharsets.UTF_8));
            return new Seal(new SecretKeySpec(derived, "AES"));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", missing);
        }
    }

    /** The bytes, encrypted. */
    public byte[] close(byte[] open) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] closed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(open);
            return ByteBuffer.allocate(nonce.length + closed.length)
                    .put(nonce)
                    .put(closed)
                    .array();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("AES-GCM failed", failure);
        }
    }

    /** The bytes, decrypted; empty when another seal closed them. */
    public Optional<byte[]> open(byte[] closed) {
        if (closed.length < NONCE_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = java.util.Arrays.copyOf(closed, NONCE_BYTES);
        try {
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, nonce).doFinal(closed, NONCE_BYTES, closed.length - NONCE_BYTES));
        } catch (GeneralSecurityException notOurs) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** Says nothing. */
    @Override
    public String toString() {
        return "Seal";
    }
}
