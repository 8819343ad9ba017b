package ai.robutler.portal.user;

import java.util.Optional;

/**
 * Something that a user has connected.
 *
 * @param id UUIDv7
 * @param userId whose it is
 * @param type what it is
 * @param protocol what it speaks
 * @param name how its owner calls it
 * @param apiKeyId the API key that it uses
 * @param createdAt milliseconds since 1970
 */
public record Integration(
        String id,
        String userId,
        String type,
        Optional<String> protocol,
        String name,
        Optional<String> apiKeyId,
        long createdAt) {}
