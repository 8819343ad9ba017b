package ai.robutler.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent: the fields of a file, under those that were typed. */
final class Body {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode fields;

    /** @param fields to begin with; null for none */
    Body(@Nullable ObjectNode fields) {
        this.fields = fields == null ? JSON.createObjectNode() : fields;
    }

    Body text(String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    Body number(String name, @Nullable BigDecimal value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    Body whole(String name, @Nullable Long value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    Body flag(String name, @Nullable Boolean value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    Body texts(String name, @Nullable List<String> values) {
        if (values != null) {
            values.forEach(fields.putArray(name)::add);
        }
        return this;
    }

    /** The fields; a usage failure when there are none. */
    ObjectNode orUsage(String fix) {
        if (fields.isEmpty()) {
            throw Failure.usage(fix);
        }
        return fields;
    }

    ObjectNode json() {
        return fields;
    }
}
