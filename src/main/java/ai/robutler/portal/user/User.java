package ai.robutler.portal.user;

import ai.robutler.portal.Ids;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Somebody who owns agents, keys and content.
 *
 * @param id UUIDv7
 * @param name how he is called
 * @param email in lower case; unique; empty when it is not known
 * @param role what he may do
 * @param planName the plan that he is on
 * @param avatarUrl his picture
 * @param referralCode what he gives to others; unique
 * @param active false when his keys count no more
 * @param createdAt milliseconds since 1970
 */
public record User(
        String id,
        String name,
        Optional<String> email,
        Role role,
        String planName,
        Optional<String> avatarUrl,
        String referralCode,
        boolean active,
        long createdAt) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int CODE = 8;

    /** What a user may do. */
    public enum Role {
        /** What is his own. */
        USER,
        /** Everything. */
        ADMIN
    }

    /** A new user on the free plan. */
    public static User create(String name, Optional<String> email, Role role, long now) {
        StringBuilder code = new StringBuilder(CODE);
        RANDOM.ints(CODE, 0, LETTERS.length()).forEach(i -> code.append(LETTERS.charAt(i)));
        return new User(Ids.next(), name, email, role, "free", Optional.empty(), code.toString(), true, now);
    }
}
