package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** A list as one JSON array of whole records. */
final class JsonWriter implements RecordWriter {
    private final PrintWriter out;
    private boolean begun;

    JsonWriter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void page(List<JsonNode> records) {
        for (JsonNode entry : records) {
            out.print(begun ? ",\n  " : "[\n  ");
            out.print(entry);
            begun = true;
        }
    }

    @Override
    public void end() {
        out.println(begun ? "\n]" : "[]");
    }
}
