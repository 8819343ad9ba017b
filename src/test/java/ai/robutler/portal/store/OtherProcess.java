package ai.robutler.portal.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A process that has a SQLite file locked until it is told to go. */
public final class OtherProcess implements AutoCloseable {
    private final Process process;

    private OtherProcess(Process process) {
        this.process = process;
    }

    /** Starts one that nobody else can write beside. */
    public static OtherProcess lock(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() < 0) {
            throw new IllegalStateException("it could not lock " + file);
        }
        return new OtherProcess(process);
    }

    /** What the process does: locks, says so, and waits for the end of its input. */
    public static void main(String[] files) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + files[0]);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            System.out.write('.');
            System.out.flush();
            while (System.in.read() >= 0) {
                // until who started it has ended or lets it go
            }
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Ends it, and returns when it has let the file go. */
    public void end() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
