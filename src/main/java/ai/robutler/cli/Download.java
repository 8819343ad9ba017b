package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One file on its way from the server, piece by piece. */
final class Download {
    private static final int PIECE = 64 * 1024;

    private final PortalClient client;
    private final Terminal terminal;
    private final String path;
    private final JsonNode file;

    /** @param file what the server says of it */
    Download(PortalClient client, Terminal terminal, String path, JsonNode file) {
        this.client = client;
        this.terminal = terminal;
        this.path = path;
        this.file = file;
    }

    /** Writes it to standard output. */
    void toOutput() {
        try {
            copy(terminal.bytes(), false);
            terminal.bytes().flush();
        } catch (IOException closed) {
            throw Failure.here("could not write to standard output; was it closed?");
        }
    }

    /**
     * Writes it to a file, which is there when all of it is.
     *
     * @param target null for the file's own name, here
     */
    Path toFile(@Nullable Path target, boolean force) {
        Path goal = target == null ? Path.of(ownName()) : target;
        if (Files.isDirectory(goal)) {
            goal = goal.resolve(ownName());
        }
        refuseExisting(goal, force);
        try {
            Path folder = goal.toAbsolutePath().getParent();
            Path part = Files.createTempFile(folder, ".download", ".part");
            try {
                try (OutputStream out = Files.newOutputStream(part)) {
                    copy(out, true);
                }
                if (force) {
                    Files.move(part, goal, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.move(part, goal);
                }
                return goal;
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (FileAlreadyExistsException there) {
            refuseExisting(goal, force);
            throw Failure.here("cannot write " + goal + "; choose another file with --to");
        } catch (IOException failure) {
            throw Failure.here("cannot write " + goal + " (" + failure.getMessage() + "); choose another with --to");
        }
    }

    private static void refuseExisting(Path goal, boolean force) {
        if (!force && Files.exists(goal)) {
            throw Failure.here(goal + " is there already; replace it with --force, or choose another with --to");
        }
    }

    /** The last part of the name that the server tells, never a path. */
    private String ownName() {
        String told = file.path("name").asText(file.path("fileName").asText());
        String name = told.replaceAll(".*[/\\\\]", "")
                .replaceAll("[\\p{Cntrl}:*?\"<>|]", "_")
                .strip();
        return name.isEmpty() || name.matches("\\.+") ? "download" : name;
    }

    private void copy(OutputStream out, boolean showing) throws IOException {
        MessageDigest digest = sha256();
        long size = file.path("size").asLong(0);
        try (ProgressBar bar = new ProgressBar(terminal, "downloading");
                InputStream in = new StallGuard(client.download(path), client.timeout())) {
            byte[] piece = new byte[PIECE];
            long done = 0;
            for (int read = read(in, piece); read >= 0; read = read(in, piece)) {
                out.write(piece, 0, read);
                digest.update(piece, 0, read);
                done += read;
                if (showing) {
                    bar.at(done, size);
                }
            }
        }
        String expected = file.path("sha256").asText("");
        if (!expected.isEmpty() && !expected.equalsIgnoreCase(HexFormat.of().formatHex(digest.digest()))) {
            throw new Failure(ExitCode.UNAVAILABLE, "what came is not what was uploaded (SHA-256 differs); try again");
        }
    }

    private int read(InputStream in, byte[] piece) {
        try {
            return in.read(piece);
        } catch (IOException failure) {
            throw client.broken(failure);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
