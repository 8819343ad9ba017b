package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;

/** One record for a person: a line a field, longer texts wrapped beside their names. */
final class DetailWriter {
    private static final int LEAST_WIDTH = 20;

    private final PrintWriter out;
    private final int most;

    /** @param most columns of the terminal; 0 when nothing is to be wrapped */
    DetailWriter(PrintWriter out, int most) {
        this.out = out;
        this.most = most;
    }

    void write(JsonNode entry) {
        int names = entry.properties().stream()
                .mapToInt(field -> Texts.width(field.getKey()))
                .max()
                .orElse(0);
        for (Map.Entry<String, JsonNode> field : entry.properties()) {
            String name = Texts.oneLine(field.getKey());
            String before = name + " ".repeat(Math.max(0, names - Texts.width(name)) + 2);
            int width = most == 0 ? Integer.MAX_VALUE : Math.max(LEAST_WIDTH, most - names - 2);
            for (String line : Texts.shown(field.getValue()).split("\n", -1)) {
                before = lines(before, line, width);
            }
        }
    }

    private String lines(String before, String text, int width) {
        String indent = " ".repeat(before.length());
        String start = before;
        String rest = text.replace("\t", "    ").stripTrailing();
        while (Texts.width(rest) > width) {
            int end = end(rest, width);
            out.println((start + rest.substring(0, end)).stripTrailing());
            start = indent;
            rest = rest.substring(end).stripLeading();
        }
        out.println((start + rest).stripTrailing());
        return indent;
    }

    /** Where to break: behind the last blank that fits, else where the line is full. */
    private static int end(String text, int width) {
        int full = Math.max(1, Texts.cut(text, width + 1).length() - 1);
        int blank = text.lastIndexOf(' ', full);
        return blank > 0 ? blank : full;
    }
}
