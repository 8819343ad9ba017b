package ai.robutler.portal.archive;

import ai.robutler.portal.Ids;
import ai.robutler.portal.content.Blobs;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.DatabaseAddress;
import ai.robutler.portal.store.DatabaseSettings;
import ai.robutler.support.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** A database and a data folder with something in them. */
final class FilledPortal implements AutoCloseable {
    static final String CONTENT = "the content";
    static final String SHA256 = "6e569e05cb6f8608572c79d63b365dc31617bf84d7393d2cb9d2f1ffe0edf95b";

    private final Path data;
    private final Database database;
    private final Archives archives;

    private FilledPortal(Path data, Database database) {
        this.data = data;
        this.database = database;
        this.archives = new Archives(database, data, Clock.systemUTC());
    }

    static FilledPortal open(Store store, Path data) {
        DatabaseAddress address = DatabaseAddress.of(store.settings().getOrDefault("database.url", ""), data);
        try {
            Files.createDirectories(data);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new FilledPortal(
                data, Database.open(address, new DatabaseSettings(4, Duration.ofSeconds(20), Duration.ofSeconds(20))));
    }

    Archives archives() {
        return archives;
    }

    Path data() {
        return data;
    }

    Path content() {
        return new Blobs(data.resolve("content")).path(SHA256);
    }

    String addUser(String name) {
        return database.write(handle -> addUser(handle, name));
    }

    private static String addUser(Handle handle, String name) {
        String id = Ids.next();
        handle.execute(
                "INSERT INTO users (id, name, role, plan_name, referral_code, active, created_at, updated_at)"
                        + " VALUES (?, ?, 'user', 'free', ?, TRUE, 1, 9223372036854775807)",
                id,
                name,
                id);
        return id;
    }

    void addUserWithKey() {
        database.change(handle -> {
            String user = addUser(handle, "somebody");
            handle.execute(
                    "INSERT INTO api_keys (id, user_id, name, lookup, secret_sha256, key_prefix, permissions,"
                            + " allowed_agents, created_at, updated_at) VALUES (?, ?, 'k', ?, 'x', 'rok_', '[]', '[]', 1, 1)",
                    Ids.next(),
                    user,
                    user);
        });
    }

    void addEveryKindOfRow() throws IOException {
        database.change(handle -> {
            String ann = addUser(handle, "Ann \u00e4\u20ac\ud83d\ude00 \"quoted\"\n\t\u2028");
            addUser(handle, "");
            handle.execute(
                    "INSERT INTO intents (id, natural_key, user_id, agent, intent, protocol, subpath, rank, latitude,"
                            + " created_at, updated_at) VALUES (?, 'n', ?, 'a', 'say', 'p', '/', ?, ?, 1, 1)",
                    Ids.next(),
                    ann,
                    0.1 + 0.2,
                    -179.99999999999997);
            handle.execute("INSERT INTO idempotency VALUES ('c', 'k', 'd', ?, 1)", new byte[] {0, -1, 127, -128});
            handle.execute(
                    "INSERT INTO content VALUES (?, ?, 'a', 'a', 11, ?, 'private', '[]', NULL, 'text/plain', 1, 1)",
                    Ids.next(),
                    ann,
                    SHA256);
        });
        Files.createDirectories(content().getParent());
        Files.writeString(content(), CONTENT);
    }

    long count(String table) {
        return countsInOneRead(table)[0];
    }

    long[] countsInOneRead(String... tables) {
        return database.read(handle -> Arrays.stream(tables)
                .mapToLong(table -> handle.createQuery("SELECT count(*) FROM " + table)
                        .mapTo(Long.class)
                        .one())
                .toArray());
    }

    List<String> tables() {
        return database.read(handle -> {
            try {
                return Tables.of(handle.getConnection()).stream()
                        .map(Table::name)
                        .toList();
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    /** All rows as text, by their table. */
    Map<String, List<String>> rows() {
        return database.read(handle -> {
            Map<String, List<String>> rows = new TreeMap<>();
            for (String table : tables()) {
                rows.put(
                        table,
                        handle.createQuery("SELECT * FROM " + table + " ORDER BY 1")
                                .map((row, context) -> text(row))
                                .list());
            }
            return rows;
        });
    }

    private static String text(ResultSet row) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            String name = row.getMetaData().getColumnName(i);
            String value = name.equals("vector") || name.equals("answer")
                    ? Arrays.toString(row.getBytes(i))
                    : name.equals("active") ? String.valueOf(row.getBoolean(i)) : row.getString(i);
            text.append(name).append('=').append(value).append(';');
        }
        return text.toString();
    }

    @Override
    public void close() {
        database.close();
    }
}
