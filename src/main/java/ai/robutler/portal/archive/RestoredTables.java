package ai.robutler.portal.archive;

import ai.robutler.portal.store.DatabaseAddress;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** Puts a backup's rows in place of all that there are; in the caller's transaction. */
final class RestoredTables {
    private static final int BATCH = 500;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Connection connection;
    private final boolean postgres;
    private final Map<String, Table> tables;
    private final List<String> order;

    RestoredTables(Connection connection, DatabaseAddress address) throws SQLException {
        this.connection = connection;
        this.postgres = address.postgres();
        List<Table> found = Tables.of(connection);
        this.order = found.stream().map(Table::name).toList();
        this.tables = found.stream().collect(Collectors.toMap(Table::name, Function.identity()));
    }

    /**
     * Replaces the rows of all tables.
     *
     * @param done is told how many bytes each table has had
     * @throws IllegalArgumentException when the rows do not fit the tables
     */
    void replace(Backup backup, LongConsumer done) throws SQLException, IOException {
        Set<String> unknown = backup.manifest().tables().stream()
                .map(Manifest.Rows::table)
                .filter(name -> !tables.containsKey(name))
                .collect(Collectors.toSet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there are no tables " + unknown);
        }
        keepOthersOut();
        empty();
        Set<String> contents = new HashSet<>(backup.contentNames());
        Map<String, Manifest.Rows> rows = backup.manifest().tables().stream()
                .collect(Collectors.toMap(Manifest.Rows::table, Function.identity()));
        for (String name : order) {
            Manifest.Rows some = rows.get(name);
            if (some != null) {
                fill(some, backup, contents);
                done.accept(some.bytes());
            }
        }
    }

    /** Those who read go on and see what was there before; those who write wait. */
    private void keepOthersOut() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (postgres) {
                connection.setNetworkTimeout(Runnable::run, 0);
                statement.execute("SET LOCAL statement_timeout = 0");
                statement.execute("LOCK TABLE " + String.join(", ", order) + " IN EXCLUSIVE MODE");
            } else {
                statement.execute("PRAGMA defer_foreign_keys = ON");
            }
        }
    }

    private void empty() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int i = order.size() - 1; i >= 0; i--) {
                statement.executeUpdate("DELETE FROM " + order.get(i));
            }
        }
    }

    private void fill(Manifest.Rows rows, Backup backup, Set<String> contents) throws SQLException, IOException {
        Table table = Objects.requireNonNull(tables.get(rows.table()), "checked before")
                .with(rows.columns());
        long filled = 0;
        try (InputStream in = backup.rows(rows);
                JsonParser parser = JSON.createParser(in);
                PreparedStatement insert = connection.prepareStatement(table.insert())) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                JsonNode row = parser.readValueAsTree();
                if (table.name().equals("content")
                        && !contents.contains(row.path("sha256").asText())) {
                    throw new IllegalArgumentException("a file's content is missing");
                }
                bind(table, row, insert);
                filled++;
                if (filled % BATCH == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
        if (filled != rows.rows()) {
            throw new IllegalArgumentException(
                    "the table " + rows.table() + " has " + filled + " rows instead of " + rows.rows());
        }
    }

    private static void bind(Table table, JsonNode row, PreparedStatement insert) throws SQLException {
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            column.bind(insert, i + 1, row.get(column.name()));
        }
        insert.addBatch();
    }
}
