package ai.robutler.portal.archive;

import ai.robutler.portal.store.Schema;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which tables there are: what the database says itself, so that none is forgotten. */
final class Tables {
    private final DatabaseMetaData catalogue;
    private final String schema;

    private Tables(Connection connection) throws SQLException {
        this.catalogue = connection.getMetaData();
        this.schema = connection.getSchema();
    }

    /** All but Flyway's own, each behind those that its rows refer to. */
    static List<Table> of(Connection connection) throws SQLException {
        Tables tables = new Tables(connection);
        Map<String, Table> open = new TreeMap<>();
        for (String name : tables.names()) {
            open.put(name, tables.table(name));
        }
        Map<String, Table> ordered = new LinkedHashMap<>();
        while (!open.isEmpty()) {
            List<Table> next = open.values().stream()
                    .filter(table -> ordered.keySet().containsAll(table.parents()))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle: " + open.keySet());
            }
            next.forEach(table -> ordered.put(table.name(), table));
            open.keySet().removeAll(ordered.keySet());
        }
        return List.copyOf(ordered.values());
    }

    private Set<String> names() throws SQLException {
        Set<String> names = new TreeSet<>();
        try (ResultSet row = catalogue.getTables(null, schema, "%", new String[] {"TABLE"})) {
            while (row.next()) {
                names.add(row.getString("TABLE_NAME"));
            }
        }
        names.removeIf(name -> name.equals(Schema.HISTORY) || name.startsWith("sqlite_"));
        return names;
    }

    private Table table(String name) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (ResultSet row = catalogue.getColumns(null, schema, name, "%")) {
            while (row.next()) {
                if (row.getString("TABLE_NAME").equals(name)) {
                    columns.add(Column.of(row.getString("COLUMN_NAME"), row.getString("TYPE_NAME")));
                }
            }
        }
        Set<String> parents = new TreeSet<>();
        try (ResultSet row = catalogue.getImportedKeys(null, schema, name)) {
            while (row.next()) {
                parents.add(row.getString("PKTABLE_NAME"));
            }
        }
        parents.remove(name);
        return new Table(name, columns, key(name), parents);
    }

    private List<String> key(String table) throws SQLException {
        Map<Integer, String> key = new TreeMap<>(Comparator.naturalOrder());
        try (ResultSet row = catalogue.getPrimaryKeys(null, schema, table)) {
            while (row.next()) {
                key.put(row.getInt("KEY_SEQ"), row.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(key.values());
    }
}
