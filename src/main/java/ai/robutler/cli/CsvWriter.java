package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** A list as CSV by RFC 4180: a head of field names, CRLF, quotes where they are needed. No text becomes a formula. */
final class CsvWriter implements RecordWriter {
    private static final String END = "\r\n";
    private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

    private final PrintWriter out;
    private final List<Column> columns;
    private boolean begun;

    CsvWriter(PrintWriter out, List<Column> columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public void page(List<JsonNode> records) {
        head();
        for (JsonNode entry : records) {
            line(columns.stream()
                    .map(column -> cell(entry.path(column.field())))
                    .toList());
        }
    }

    @Override
    public void end() {
        head();
    }

    private void head() {
        if (!begun) {
            begun = true;
            line(columns.stream().map(Column::field).toList());
        }
    }

    private void line(List<String> cells) {
        out.print(cells.stream().map(CsvWriter::quoted).collect(Collectors.joining(",")));
        out.print(END);
    }

    /** A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers. */
    private static String cell(JsonNode value) {
        String text = Texts.plain(value);
        boolean formula = !value.isNumber() && (startsFormula(text) || startsFormula(text.stripLeading()));
        return formula ? "'" + text : text;
    }

    private static boolean startsFormula(String text) {
        return !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                && text.equals(text.strip());
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
