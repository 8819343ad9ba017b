package ai.robutler.portal.archive;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table, as its database describes it.
 *
 * @param columns all of them
 * @param key the columns of its primary key, by which its rows are ordered
 * @param parents the other tables that its rows refer to
 */
record Table(String name, List<Column> columns, List<String> key, Set<String> parents) {
    Table {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        parents = Set.copyOf(parents);
    }

    String select() {
        String order = key.isEmpty() ? "" : " ORDER BY " + String.join(", ", key);
        return "SELECT " + names() + " FROM " + name + order;
    }

    String insert() {
        return "INSERT INTO " + name + " (" + names() + ") VALUES ("
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
    }

    private String names() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** The same with these of its columns only. @throws IllegalArgumentException for one that it has not */
    Table with(List<String> wanted) {
        List<Column> some = wanted.stream()
                .map(each -> columns.stream()
                        .filter(column -> column.name().equals(each))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException("the table " + name + " has no column " + each)))
                .toList();
        return new Table(name, some, key, parents);
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }
}
