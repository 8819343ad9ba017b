package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;

/** A list as a table for a person. The first page decides on the widths. */
final class TableWriter implements RecordWriter {
    private static final String GAP = "  ";
    private static final int LEAST_WIDTH = 6;

    private final PrintWriter out;
    private final List<Column> columns;
    private final int most;
    private final boolean bold;
    private final int[] widths;
    private boolean begun;

    /**
     * @param most columns of the terminal; 0 when nothing is to be cut
     * @param bold whether the headings are
     */
    TableWriter(PrintWriter out, List<Column> columns, int most, boolean bold) {
        this.out = out;
        this.columns = columns;
        this.most = most;
        this.bold = bold;
        this.widths = new int[columns.size()];
    }

    @Override
    public void page(List<JsonNode> records) {
        if (!begun) {
            begun = true;
            measure(records);
            String titles = row(columns.stream().map(Column::title).toList());
            out.println(bold ? "\u001b[1m" + titles + "\u001b[0m" : titles);
        }
        records.forEach(entry -> out.println(row(cells(entry))));
    }

    @Override
    public void end() {
        if (!begun) {
            out.println("none");
        }
    }

    private List<String> cells(JsonNode entry) {
        return columns.stream()
                .map(column -> Texts.oneLine(Texts.shown(entry.path(column.field()))))
                .toList();
    }

    private void measure(List<JsonNode> records) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Texts.width(columns.get(i).title());
        }
        for (JsonNode entry : records) {
            List<String> cells = cells(entry);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Texts.width(cells.get(i)));
            }
        }
        if (most > 0) {
            int over = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - most;
            over = narrow(over, true);
            narrow(over, false);
        }
    }

    /** Takes what is too much from the widest columns, one by one, and returns what is still too much. */
    private int narrow(int over, boolean yielding) {
        for (int left = over; left > 0; left--) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean meant = columns.get(i).yields() == yielding && widths[i] > LEAST_WIDTH;
                if (meant && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return left;
            }
            widths[widest]--;
        }
        return 0;
    }

    private String row(List<String> cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = most > 0 ? Texts.cut(cells.get(i), widths[i]) : cells.get(i);
            row.append(i == 0 ? "" : GAP).append(cell);
            row.append(" ".repeat(Math.max(0, widths[i] - Texts.width(cell))));
        }
        return row.toString().stripTrailing();
    }
}
