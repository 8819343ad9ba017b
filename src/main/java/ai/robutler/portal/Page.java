package ai.robutler.portal;

import ai.robutler.api.ApiException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Which part of a list is asked for, newest first. Ids are UUIDv7, so that {@code id < :before ORDER BY id DESC} is a page
 * that costs the same wherever it is.
 *
 * @param limit entries at most, 1 to 200
 * @param offset entries to leave out; 0 with a cursor
 * @param before only ids before this one; {@link #NEWEST} for the first page
 */
public record Page(int limit, int offset, String before) {
    /** Behind every id, also where the database's language sorts signs before digits. */
    public static final String NEWEST = "z";

    private static final int USUAL = 50;
    private static final int MOST = 200;
    private static final int MOST_OFFSET = 1_000_000;

    /** The page that the query asks for. Fails with 400. */
    public static Page of(PortalRequest request) {
        int limit = number(request, "limit", USUAL, 1, MOST);
        int offset = number(request, "offset", 0, 0, MOST_OFFSET);
        return request.query("cursor")
                .map(cursor -> new Page(limit, 0, decoded(cursor)))
                .orElse(new Page(limit, offset, NEWEST));
    }

    private static int number(PortalRequest request, String name, int usual, int least, int most) {
        return request.query(name)
                .map(text -> {
                    try {
                        int value = Integer.parseInt(text);
                        if (value >= least && value <= most) {
                            return value;
                        }
                    } catch (NumberFormatException notANumber) {
                        // told below
                    }
                    throw ApiException.inField(
                            name, "The parameter '" + name + "' takes a whole number from " + least + " to " + most);
                })
                .orElse(usual);
    }

    private static String decoded(String cursor) {
        try {
            String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (id.matches("[0-9a-f-]{36}")) {
                return id;
            }
        } catch (IllegalArgumentException notACursor) {
            // told below
        }
        throw ApiException.inField("cursor", "The parameter 'cursor' takes the next_cursor of an answer, unchanged");
    }

    /** How many rows to read: one more than the page holds, which tells whether there is a next one. */
    public int rows() {
        return limit + 1;
    }

    /**
     * Puts the rows into the answer, with {@code next_cursor} (null at the end).
     *
     * @param rows up to {@link #rows()} of them
     */
    public <R> void write(
            ObjectNode answer, String field, List<R> rows, Function<R, ObjectNode> json, Function<R, String> id) {
        ArrayNode entries = answer.putArray(field);
        rows.stream().limit(limit).map(json).forEach(entries::add);
        String next = rows.size() > limit
                ? Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(id.apply(rows.get(limit - 1)).getBytes(StandardCharsets.UTF_8))
                : null;
        answer.put("next_cursor", next);
    }
}
