package ai.robutler.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Writes a list, page by page, in one form; it holds no more than a page. */
interface RecordWriter {
    /** Writes some more records. */
    void page(List<JsonNode> records);

    /** Ends the list. */
    void end();
}
