package ai.robutler.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A {@code multipart/form-data} body, part by part. */
public final class Multipart {
    /** What stands between its parts. */
    public static final String BOUNDARY = "----part7MA4YWxkTrZu0gW";

    /** The {@code Content-Type} of every such body. */
    public static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** Adds a form field. */
    public Multipart field(String name, String value) {
        return part("form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the part {@code file}. */
    public Multipart file(String fileName, byte[] content) {
        return part("form-data; name=\"file\"; filename=\"" + fileName + "\"\r\nContent-Type: text/plain", content);
    }

    /** Adds a part with this {@code Content-Disposition}. */
    public Multipart part(String disposition, byte[] content) {
        write("--" + BOUNDARY + "\r\nContent-Disposition: " + disposition + "\r\n\r\n");
        body.writeBytes(content);
        write("\r\n");
        return this;
    }

    /** The body up to here, with the boundary that ends it. */
    public byte[] bytes() {
        write("--" + BOUNDARY + "--\r\n");
        return body.toByteArray();
    }

    /** The body up to here. */
    public byte[] open() {
        return body.toByteArray();
    }

    private void write(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
