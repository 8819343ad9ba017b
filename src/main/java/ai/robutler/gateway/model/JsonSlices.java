package ai.robutler.gateway.model;

/**
 * Finds the parts of a JSON object in its bytes without building anything: a chunk of a stream is mostly passed on as it
 * is. It does not check what is inside a value.
 */
final class JsonSlices {

    /** Sees the members of an object, in order. */
    @FunctionalInterface
    interface Member {

        /** A member: its name without quotes in {@code [nameFrom..nameTo)}, its value in {@code [from..to)}. */
        void member(byte[] json, int nameFrom, int nameTo, int from, int to);
    }

    private JsonSlices() {}

    /**
     * Walks over an object's members.
     *
     * @param from where its opening brace stands, or white space before it
     * @param to where the text ends
     * @return false when the bytes are not an object
     */
    static boolean members(byte[] json, int from, int to, Member member) {
        int i = skipSpace(json, from, to);
        if (i >= to || json[i] != '{') {
            return false;
        }
        i = skipSpace(json, i + 1, to);
        if (i < to && json[i] == '}') {
            return true;
        }
        while (i < to) {
            if (json[i] != '"') {
                return false;
            }
            int nameFrom = i + 1;
            int nameEnd = skipString(json, i, to);
            i = skipSpace(json, nameEnd, to);
            if (nameEnd < 0 || i >= to || json[i] != ':') {
                return false;
            }
            int valueFrom = skipSpace(json, i + 1, to);
            int valueTo = skipValue(json, valueFrom, to);
            if (valueTo < 0) {
                return false;
            }
            member.member(json, nameFrom, nameEnd - 1, valueFrom, valueTo);
            i = skipSpace(json, valueTo, to);
            if (i < to && json[i] == '}') {
                return true;
            }
            if (i >= to || json[i] != ',') {
                return false;
            }
            i = skipSpace(json, i + 1, to);
        }
        return false;
    }

    /** Where the first element of an array stands; -1 when it is empty or no array. */
    static int firstElement(byte[] json, int from, int to) {
        if (from >= to || json[from] != '[') {
            return -1;
        }
        int i = skipSpace(json, from + 1, to);
        return i < to && json[i] != ']' ? i : -1;
    }

    /** Behind the value that begins at {@code from}; -1 when it does not end. */
    static int skipValue(byte[] json, int from, int to) {
        if (from < 0 || from >= to) {
            return -1;
        }
        byte first = json[from];
        if (first == '"') {
            return skipString(json, from, to);
        }
        if (first == '{' || first == '[') {
            return skipNested(json, from, to);
        }
        int i = from;
        while (i < to && json[i] != ',' && json[i] != '}' && json[i] != ']' && json[i] > ' ') {
            i++;
        }
        return i == from ? -1 : i;
    }

    private static int skipNested(byte[] json, int from, int to) {
        int depth = 0;
        int i = from;
        while (i >= 0 && i < to) {
            byte b = json[i];
            if (b == '"') {
                i = skipString(json, i, to);
                continue;
            }
            if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
            i++;
        }
        return -1;
    }

    /** Behind the closing quote; -1 when there is none. */
    private static int skipString(byte[] json, int from, int to) {
        int i = from + 1;
        while (i < to) {
            byte b = json[i];
            if (b == '"') {
                return i + 1;
            }
            i += b == '\\' ? 2 : 1;
        }
        return -1;
    }

    private static int skipSpace(byte[] json, int from, int to) {
        int i = from;
        while (i >= 0 && i < to && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
            i++;
        }
        return i < 0 ? to : i;
    }

    /** Whether the slice is exactly the ASCII text. */
    static boolean is(byte[] json, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (json[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
