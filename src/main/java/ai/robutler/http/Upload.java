package ai.robutler.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file that a caller sent as {@code multipart/form-data}, stored where nobody else finds it. It is deleted at the end of
 * the request, so who wants to keep it moves it away before.
 *
 * @param path where it is, under a name of ours
 * @param sha256 the SHA-256 of its content, 64 small hexadecimal digits
 * @param size its length in bytes
 * @param fileName its name as the caller sent it: never to be used as a path, and to be cleaned before it is shown
 * @param contentType what the caller says that it is; empty when nothing was said
 * @param fields the other form fields in the order of their first values
 */
public record Upload(
        Path path,
        String sha256,
        long size,
        String fileName,
        Optional<String> contentType,
        Map<String, List<String>> fields) {

    /** The first value of a form field; empty when the caller did not send it. */
    public Optional<String> field(String name) {
        return fields.getOrDefault(name, List.of()).stream().findFirst();
    }
}
