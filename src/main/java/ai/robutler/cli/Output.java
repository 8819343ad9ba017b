package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Shows answers in the form that is asked for. */
final class Output {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Host host;
    private final OutputOptions options;

    Output(Host host, OutputOptions options) {
        this.host = host;
        this.options = options;
    }

    /** A list, to be written page by page. */
    RecordWriter list(List<Column> columns) {
        PrintWriter out = host.terminal().out();
        if (options.form == OutputOptions.Form.json) {
            return new JsonWriter(out);
        }
        return options.form == OutputOptions.Form.csv
                ? new CsvWriter(out, columns)
                : new TableWriter(out, columns, width(), Colours.wanted(host, options.noColor));
    }

    /** A list that is known whole. */
    void list(List<Column> columns, List<JsonNode> records) {
        RecordWriter writer = list(columns);
        if (!records.isEmpty()) {
            writer.page(records);
        }
        writer.end();
    }

    /** One record, with all its fields. */
    void show(JsonNode entry) {
        PrintWriter out = host.terminal().out();
        if (options.form == OutputOptions.Form.json) {
            out.println(pretty(entry));
        } else if (options.form == OutputOptions.Form.csv) {
            List<Column> columns = entry.properties().stream()
                    .map(field -> Column.of(field.getKey(), field.getKey()))
                    .toList();
            list(columns, List.of(entry));
        } else {
            new DetailWriter(out, width()).write(entry);
        }
    }

    /** A note beside the answer, in one line; on standard error, so that it is in no file that the answer goes to. */
    void note(String text) {
        host.terminal().out().flush();
        host.terminal().err().println(Texts.oneLine(text));
    }

    private int width() {
        return host.terminal().interactive() ? host.terminal().columns() : 0;
    }

    private static String pretty(JsonNode entry) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(entry);
        } catch (com.fasterxml.jackson.core.JsonProcessingException cannotBe) {
            throw new UncheckedIOException("what was read can be written", cannotBe);
        }
    }
}
