package ai.robutler.portal.content;

import java.util.List;
import java.util.Optional;

/**
 * A file that a user keeps, but for its content.
 *
 * @param id UUIDv7
 * @param ownerId the user that it belongs to
 * @param fileName what it is called; each of an owner's files is called otherwise
 * @param originalFileName what it was called when it came
 * @param size its length in bytes
 * @param sha256 names its content
 * @param about what its owner says of it
 * @param contentType what kind of content it has
 * @param createdAt milliseconds since 1970
 */
record ContentFile(
        String id,
        String ownerId,
        String fileName,
        String originalFileName,
        long size,
        String sha256,
        About about,
        String contentType,
        long createdAt) {

    /**
     * What an owner says of a file.
     *
     * @param isPublic whether everybody may read it
     * @param tags what it is found by
     * @param description what it is; empty when nothing was said
     */
    record About(boolean isPublic, List<String> tags, Optional<String> description) {
        /** Copies the list. */
        About {
            tags = List.copyOf(tags);
        }

        /** As it is told and stored. */
        String visibility() {
            return isPublic ? "public" : "private";
        }
    }

    ContentFile called(String name) {
        return new ContentFile(id, ownerId, name, originalFileName, size, sha256, about, contentType, createdAt);
    }

    ContentFile with(About other) {
        return new ContentFile(id, ownerId, fileName, originalFileName, size, sha256, other, contentType, createdAt);
    }
}
