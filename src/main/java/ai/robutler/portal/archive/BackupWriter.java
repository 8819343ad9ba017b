package ai.robutler.portal.archive;

import ai.robutler.portal.Json;
import ai.robutler.portal.Times;
import ai.robutler.portal.content.Blobs;
import ai.robutler.portal.store.Schema;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes one state of the database, and the contents of its files, as they come. */
final class BackupWriter implements AutoCloseable {
    /** About what a row takes, which is not known before it is written. */
    private static final long ROW_BYTES = 300;

    private static final int FETCHED = 500;
    private static final JsonFactory JSON = new JsonFactory();

    private final Connection connection;
    private final Blobs blobs;
    private final ZipOutputStream zip;
    private final Progress progress;
    private final Map<String, Boolean> kept = new HashMap<>();
    private long done;
    private long total;

    /** @param connection in a transaction that sees one state */
    BackupWriter(Connection connection, Blobs blobs, OutputStream out, Progress progress) {
        this.connection = connection;
        this.blobs = blobs;
        this.zip = new ZipOutputStream(out);
        this.progress = progress;
        zip.setLevel(Deflater.BEST_SPEED);
    }

    Manifest write(Clock clock) throws SQLException, IOException {
        List<Table> tables = Tables.of(connection);
        for (Table table : tables) {
            total += ROW_BYTES * number("SELECT count(*) FROM " + table.name());
        }
        total += number("SELECT coalesce(sum(size), 0) FROM content");
        long contentBytes = writeContents();
        List<Manifest.Rows> rows = new ArrayList<>();
        for (Table table : tables) {
            rows.add(write(table));
        }
        long contents = kept.values().stream().filter(there -> there).count();
        Manifest manifest = new Manifest(Manifest.FORMAT, Schema.VERSION, time(clock), rows, contents, contentBytes);
        zip.putNextEntry(new ZipEntry(Manifest.NAME));
        zip.write(Json.bytes(manifest.json()));
        zip.closeEntry();
        zip.finish();
        progress.at(total, total);
        return manifest;
    }

    private static String time(Clock clock) {
        return String.valueOf(Times.text(clock.millis()));
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Contents go first: one that is gone meanwhile, because its file was deleted, takes that file's row along. */
    private long writeContents() throws SQLException, IOException {
        long bytes = 0;
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED);
            try (ResultSet row = statement.executeQuery("SELECT DISTINCT sha256 FROM content")) {
                while (row.next()) {
                    long written = writeContent(row.getString(1));
                    kept.put(row.getString(1), written >= 0);
                    bytes += Math.max(0, written);
                }
            }
        }
        return bytes;
    }

    private long writeContent(String sha256) throws IOException {
        try (InputStream content = Files.newInputStream(blobs.path(sha256))) {
            zip.putNextEntry(new ZipEntry("content/" + sha256));
            Hashing out = new Hashing(zip);
            out.takeAll(content, Long.MAX_VALUE);
            zip.closeEntry();
            if (!out.sha256().equals(sha256)) {
                throw new IOException(
                        "the content " + blobs.path(sha256) + " is damaged; delete its file, or put it back");
            }
            tell(out.bytes());
            return out.bytes();
        } catch (NoSuchFileException gone) {
            return -1;
        }
    }

    private Manifest.Rows write(Table table) throws SQLException, IOException {
        ZipEntry entry = new ZipEntry("tables/" + table.name() + ".jsonl");
        zip.putNextEntry(entry);
        Hashing out = new Hashing(zip);
        long rows = 0;
        try (Statement statement = connection.createStatement();
                JsonGenerator json = JSON.createGenerator((OutputStream) out)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
            statement.setFetchSize(FETCHED);
            try (ResultSet row = statement.executeQuery(table.select())) {
                while (row.next()) {
                    if (isKept(table, row)) {
                        write(table, row, json);
                        rows++;
                        tell(ROW_BYTES);
                    }
                }
            }
        }
        zip.closeEntry();
        return new Manifest.Rows(table.name(), table.columnNames(), rows, out.bytes(), out.sha256());
    }

    private boolean isKept(Table table, ResultSet row) throws SQLException {
        return !table.name().equals("content") || kept.getOrDefault(row.getString("sha256"), false);
    }

    private static void write(Table table, ResultSet row, JsonGenerator json) throws SQLException, IOException {
        json.writeStartObject();
        for (int i = 0; i < table.columns().size(); i++) {
            table.columns().get(i).write(row, i + 1, json);
        }
        json.writeEndObject();
    }

    private void tell(long bytes) {
        done += bytes;
        progress.at(Math.min(done, total), total);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
