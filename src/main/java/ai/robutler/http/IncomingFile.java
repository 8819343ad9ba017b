package ai.robutler.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file that is just coming; its hash is known as soon as it is whole. */
final class IncomingFile {
    private final Path path;
    private final FileChannel channel;
    private final MessageDigest digest = sha256();
    private long size;

    IncomingFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        digest.update(bytes, from, length);
        size += length;
    }

    long size() {
        return size;
    }

    Path path() {
        return path;
    }

    /** Ends the file and gives its hash; once. */
    String finish() throws IOException {
        channel.close();
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Deletes the file, unless somebody has moved it away. */
    void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
