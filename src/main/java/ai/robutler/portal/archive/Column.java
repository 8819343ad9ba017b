package ai.robutler.portal.archive;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name as the database has it
 * @param kind what it holds
 */
record Column(String name, Kind kind) {

    /** What a column holds, whichever way its database names that. */
    enum Kind {
        TEXT(Types.VARCHAR, "text", "varchar"),
        WHOLE(Types.BIGINT, "bigint", "integer", "int8", "int4", "int"),
        DECIMAL(Types.DOUBLE, "double precision", "double", "float8", "real"),
        TRUTH(Types.BOOLEAN, "boolean", "bool"),
        BYTES(Types.VARBINARY, "blob", "bytea");

        private final int jdbc;
        private final String names;

        Kind(int jdbc, String... names) {
            this.jdbc = jdbc;
            this.names = "|" + String.join("|", names) + "|";
        }

        private static Kind of(String type) {
            for (Kind kind : values()) {
                if (kind.names.contains("|" + type.toLowerCase(Locale.ROOT) + "|")) {
                    return kind;
                }
            }
            throw new IllegalStateException("backups know no columns of the type " + type);
        }
    }

    /** @param type as the database names it */
    static Column of(String name, String type) {
        return new Column(name, Kind.of(type));
    }

    /** Writes its value in this row as a field of the JSON object; bytes are base64. */
    void write(ResultSet row, int index, JsonGenerator json) throws SQLException, IOException {
        json.writeFieldName(name);
        if (row.getObject(index) == null) {
            json.writeNull();
            return;
        }
        switch (kind) {
            case TEXT -> json.writeString(row.getString(index));
            case WHOLE -> json.writeNumber(row.getLong(index));
            case DECIMAL -> json.writeNumber(row.getDouble(index));
            case TRUTH -> json.writeBoolean(row.getBoolean(index));
            case BYTES -> json.writeString(Base64.getEncoder().encodeToString(row.getBytes(index)));
        }
    }

    /** Binds the value of a backup's row. @throws IllegalArgumentException when it is of another kind */
    void bind(PreparedStatement insert, int index, @Nullable JsonNode value) throws SQLException {
        if (value == null || value.isNull()) {
            insert.setNull(index, kind.jdbc);
            return;
        }
        boolean fits = switch (kind) {
            case TEXT, BYTES -> value.isTextual();
            case WHOLE -> value.isIntegralNumber() && value.canConvertToLong();
            case DECIMAL -> value.isNumber();
            case TRUTH -> value.isBoolean();
        };
        if (!fits) {
            throw new IllegalArgumentException("the column " + name + " has a value of the wrong kind");
        }
        switch (kind) {
            case TEXT -> insert.setString(index, value.textValue());
            case WHOLE -> insert.setLong(index, value.longValue());
            case DECIMAL -> insert.setDouble(index, value.doubleValue());
            case TRUTH -> insert.setBoolean(index, value.booleanValue());
            case BYTES -> insert.setBytes(index, Base64.getDecoder().decode(value.textValue()));
        }
    }
}
