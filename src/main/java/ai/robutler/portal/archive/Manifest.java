package ai.robutler.portal.archive;

import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a backup's {@code manifest.json} says. It is written last, so that a backup without one is none.
 *
 * @param format how the archive is laid out; {@link #FORMAT}
 * @param schema the version of the tables that it was made of
 * @param created when, in RFC 3339
 * @param tables each of them, behind those that its rows refer to
 * @param contents how many contents of files there are
 * @param contentBytes how long they are together
 */
record Manifest(int format, int schema, String created, List<Rows> tables, long contents, long contentBytes) {
    static final String NAME = "manifest.json";
    static final int FORMAT = 1;

    Manifest {
        tables = List.copyOf(tables);
    }

    /**
     * The rows of a table.
     *
     * @param table its name
     * @param columns the fields of each row
     * @param rows how many
     * @param bytes how long their file is
     * @param sha256 of their file
     */
    record Rows(String table, List<String> columns, long rows, long bytes, String sha256) {
        Rows {
            columns = List.copyOf(columns);
        }

        String entry() {
            return "tables/" + table + ".jsonl";
        }
    }

    long bytes() {
        return contentBytes + tables.stream().mapToLong(Rows::bytes).sum();
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("format", format);
        json.put("schema", schema);
        json.put("created", created);
        for (Rows rows : tables) {
            ObjectNode table = json.withArray("tables").addObject();
            table.put("table", rows.table());
            table.set("columns", Json.array(rows.columns()));
            table.put("rows", rows.rows());
            table.put("bytes", rows.bytes());
            table.put("sha256", rows.sha256());
        }
        json.put("contents", contents);
        json.put("content_bytes", contentBytes);
        return json;
    }

    static Manifest of(JsonNode json) {
        List<Rows> tables = new ArrayList<>();
        for (JsonNode table : json.path("tables")) {
            List<String> columns = new ArrayList<>();
            table.path("columns").forEach(column -> columns.add(column.asText()));
            tables.add(new Rows(
                    table.path("table").asText(),
                    columns,
                    table.path("rows").asLong(),
                    table.path("bytes").asLong(),
                    table.path("sha256").asText()));
        }
        return new Manifest(
                json.path("format").asInt(),
                json.path("schema").asInt(),
                json.path("created").asText(),
                tables,
                json.path("contents").asLong(),
                json.path("content_bytes").asLong());
    }
}
