package ai.robutler.gateway.ratelimit;

import ai.robutler.http.AddressRange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Whose allowance a request uses: {@code user:<id>}, {@code api:<key id>} or {@code ip:<address>}. Addresses of IPv6 are
 * one for each block that one subscriber has.
 *
 * @param kind which of the three
 * @param key what tables know it by: the identity itself, or a hash of it when it is long, so that a caller who chooses
 *     an id of many kilobytes does not choose how much memory we use
 */
record Identity(Kind kind, String key) {
    private static final int LONGEST_PLAIN_KEY = 64;

    /** What stands before the colon; in a refusal it is the {@code scope}. */
    enum Kind {
        USER("user"),
        API("api"),
        IP("ip");

        private final String scope;

        Kind(String scope) {
            this.scope = scope;
        }

        String scope() {
            return scope;
        }
    }

    /** Reads an identity; throws {@link IllegalArgumentException} when it is none of the three kinds. */
    static Identity of(String identity) {
        for (Kind kind : Kind.values()) {
            int prefix = kind.scope().length() + 1;
            if (identity.length() > prefix && identity.startsWith(kind.scope()) && identity.charAt(prefix - 1) == ':') {
                return kind == Kind.IP
                        ? address(identity, prefix)
                        : new Identity(
                                kind, identity.length() <= LONGEST_PLAIN_KEY ? identity : hashed(kind, identity));
            }
        }
        throw new IllegalArgumentException("an identity is user:<id>, api:<key id> or ip:<address>");
    }

    /** An address is counted with all that one subscriber has. */
    private static Identity address(String identity, int prefix) {
        String known = identity.indexOf(':', prefix) < 0
                ? identity
                : identity.substring(0, prefix) + AddressRange.subscriber(identity.substring(prefix));
        return new Identity(Kind.IP, known.length() <= LONGEST_PLAIN_KEY ? known : hashed(Kind.IP, known));
    }

    private static String hashed(Kind kind, String identity) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return kind.scope() + ":" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
