package ai.robutler.cli;

/**
 * One column of a list.
 *
 * @param title its heading in a table; in CSV it is the field's name
 * @param field of the record
 * @param yields whether it is cut first where a table is wider than the terminal
 */
record Column(String title, String field, boolean yields) {

    /** A column that is shown whole where that is possible. */
    static Column of(String title, String field) {
        return new Column(title, field, false);
    }

    /** A column of longer texts, which gives way. */
    static Column text(String title, String field) {
        return new Column(title, field, true);
    }
}
