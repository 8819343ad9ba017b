package ai.robutler.portal.search;

import java.util.List;

/** An id and its phrases, as they are now. */
final class Entry {
    final PhraseTable table;
    final String id;
    private volatile List<Row> rows = List.of();

    Entry(PhraseTable table, String id) {
        this.table = table;
        this.id = id;
    }

    List<Row> rows() {
        return rows;
    }

    void become(List<Row> phrases) {
        rows = List.copyOf(phrases);
    }
}
