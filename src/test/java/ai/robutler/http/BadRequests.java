package ai.robutler.http;

import ai.robutler.support.RunningGateway;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Makes bad requests of every kind; the same seed gives the same ones. */
final class BadRequests {
    static final int MAX_BODY_BYTES = 256 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;

    private static final String CHAT = "/assistant/chat/completions";
    private static final String GOOD = RunningGateway.message("good", false);
    private static final String HEAD = "POST " + CHAT + " HTTP/1.1\r\nHost: gateway\r\n";
    private static final List<String> WRONG =
            List.of("{}", "[]", "[[]]", "-7", "0.5", "true", "\"no\"", "\"\"", "{\"a\":1}", "1e400", "[null]", "[1]");

    private static final List<String> FIELDS = List.of(
            "messages",
            "temperature",
            "top_p",
            "max_tokens",
            "max_completion_tokens",
            "frequency_penalty",
            "presence_penalty",
            "n",
            "stop",
            "seed",
            "stream",
            "user",
            "model",
            "tools",
            "tool_choice",
            "response_format",
            "stream_options",
            "logprobs",
            "parallel_tool_calls",
            "reasoning_effort");
    private static final List<String> MESSAGE_FIELDS = List.of("role", "content", "name", "tool_calls", "tool_call_id");

    private final Random random;
    private final List<Function<BadRequests, Bad>> kinds = List.of(
            BadRequests::badJson,
            BadRequests::badBytes,
            BadRequests::badField,
            BadRequests::badMessage,
            BadRequests::badHeader,
            BadRequests::badPath,
            BadRequests::badMethod,
            BadRequests::badSize,
            BadRequests::mutated);

    /** @param random decides everything */
    BadRequests(Random random) {
        this.random = random;
    }

    /** A request that must be refused. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bad(String name, boolean toHead, boolean endsInput, byte[] bytes) {}

    /** The next one. */
    Bad next() {
        return pick(kinds).apply(this);
    }

    private Bad badJson() {
        int depth = pick(List.of(101, 102, 200, 1_000, 10_000, 50_000, 100_000));
        String deep = pick(List.of("[", "{\"a\":")).repeat(depth);
        String text = pick(List.of(
                GOOD.substring(0, 1 + random.nextInt(GOOD.length() - 1)),
                GOOD + pick(List.of("x", "{}", ",", "]", "\u0000", GOOD)),
                "{\"stream\":false," + GOOD.substring(1),
                "{\"messages\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}]}",
                field("temperature", pick(List.of("NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x1"))),
                field("temperature", pick(List.of("1e999", "-1e999", "1e2147483648", "9".repeat(99), "2.0000001"))),
                field("max_tokens", "9".repeat(101 + random.nextInt(5_000))),
                field("seed", "1".repeat(101 + random.nextInt(100))),
                content("\"\\ud800\""),
                content("\"\\udc00x\""),
                content("\"\\ud800\\ud800\""),
                content("\"\\uDBFF\\u0041\""),
                content("\"\\u12g4\""),
                content("\"\\x41\""),
                content("\"a\nb\""),
                content("'single'"),
                content("\"open"),
                "// comment\n" + GOOD,
                "/* comment */" + GOOD,
                GOOD.replace("\"role\"", "role"),
                GOOD.replace("]", ",]"),
                "null",
                "[]",
                "7",
                "\"text\"",
                "true",
                "",
                " ",
                "\n",
                "NaN",
                "undefined",
                "\u0000" + GOOD,
                deep,
                deep + (deep.startsWith("[") ? "]" : "1" + "}").repeat(1),
                content(deep + "]".repeat(depth)),
                "{\"" + "k".repeat(1_001 + random.nextInt(5_000)) + "\":1," + GOOD.substring(1),
                "model=assistant&messages=hello"));
        return json(text.getBytes(StandardCharsets.UTF_8), "json");
    }

    private Bad badBytes() {
        Charset charset = pick(List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                Charset.forName("UTF-32"),
                Charset.forName("UTF-32LE")));
        String wrong = pick(List.of(
                "\u00c0\u00af",
                "\u00c1\u0081",
                "\u00e0\u0080\u0080",
                "\u00f0\u0080\u0080\u0080",
                "\u00ed\u00a0\u0080",
                "\u00ff",
                "\u00fe\u00ff",
                "\u0080",
                "\u00c3",
                "\u00f5\u0080\u0080\u0080",
                "\u00f8\u0088\u0080\u0080\u0080"));
        byte[] bytes = random.nextBoolean()
                ? GOOD.getBytes(charset)
                : content("\"" + wrong + "\"").getBytes(StandardCharsets.ISO_8859_1);
        return json(bytes, "bytes");
    }

    private Bad badField() {
        String name = pick(FIELDS);
        return json(field(name, wrongFor(name)).getBytes(StandardCharsets.UTF_8), "field " + name);
    }

    private String wrongFor(String name) {
        List<String> wrong = switch (name) {
            case "temperature", "top_p", "frequency_penalty", "presence_penalty" ->
                List.of("\"1\"", "true", "[]", "{}", "-2.1", "7", "1e400", "[1]");
            case "max_tokens", "max_completion_tokens" ->
                List.of("\"1\"", "true", "[]", "{}", "0", "-1", "1.5", "1e999", "9".repeat(30));
            case "n" -> List.of("0", "2", "-1", "1.5", "\"1\"", "true", "[]", "{}", "4294967297");
            case "seed" -> List.of("\"1\"", "1.5", "true", "[]", "{}");
            case "stop" -> List.of("7", "true", "{}", "[]", "[1]", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "[null]");
            case "stream", "logprobs", "parallel_tool_calls" -> List.of("\"true\"", "1", "0", "[]", "{}", "\"\"");
            case "user", "model", "reasoning_effort" -> List.of("7", "true", "[]", "{}", "[\"a\"]");
            case "tools" ->
                List.of(
                        "7",
                        "true",
                        "{}",
                        "\"a\"",
                        "[1]",
                        "[{}]",
                        "[{\"type\":7}]",
                        "[null]",
                        "[{\"type\":\"function\"}]",
                        "[{\"type\":\"function\",\"function\":{\"name\":7}}]",
                        "[" + "{\"type\":\"x\"},".repeat(128) + "{\"type\":\"x\"}]");
            case "tool_choice" -> List.of("7", "true", "[]", "[\"auto\"]");
            case "messages" ->
                List.of("7", "true", "{}", "[]", "\"hello\"", "[1]", "[null]", "[[]]", "[\"a\"]", "null");
            default -> List.of("7", "true", "[]", "\"json\"");
        };
        return pick(wrong);
    }

    private Bad badMessage() {
        String name = pick(MESSAGE_FIELDS);
        String wrong = pick(WRONG);
        if (wrong.startsWith("\"") && !name.equals("role")) {
            wrong = "7";
        }
        String role = name.equals("role") ? wrong : "\"" + pick(List.of("user", "system", "tool")) + "\"";
        if (name.equals("tool_calls") && wrong.equals("[]")) {
            wrong = "{}";
        }
        if (name.equals("content") && wrong.equals("[]")) {
            wrong = "[\"text\"]";
        }
        String message = switch (name) {
            case "role" -> "{\"role\":" + role + ",\"content\":\"x\"}";
            case "content" -> "{\"role\":" + role + ",\"tool_call_id\":\"c\",\"content\":" + wrong + "}";
            case "tool_call_id" -> "{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":" + wrong + "}";
            default ->
                "{\"role\":" + role + ",\"tool_call_id\":\"c\",\"content\":\"x\",\"" + name + "\":" + wrong + "}";
        };
        String before = "{\"role\":\"user\",\"content\":\"x\"},".repeat(random.nextInt(3));
        String text = "{\"messages\":[" + before + message + "]}";
        return json(text.getBytes(StandardCharsets.UTF_8), "message " + name);
    }

    private Bad badHeader() {
        String header = pick(List.of(
                "Content-Type: application/xml",
                "Content-Type: multipart/form-data; boundary=x",
                "Content-Type: ;",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: application/jsonx",
                "Content-Type: text/html",
                "Content-Type: */*",
                "Content-Type: \u00ff",
                "Content-Type: application/json; charset=utf-16",
                "Content-Type: application/json;charset=iso-8859-1",
                "Content-Encoding: gzip",
                "Content-Encoding: br",
                "Content-Encoding: x",
                "Content-Encoding: gzip, gzip",
                "Authorization: Bearer a\r\nAuthorization: Bearer b",
                "X-API-Key: a\r\nx-api-key: a",
                "X-User-ID: a\r\nX-User-ID: b",
                "X-Payment-Token: pt_a\r\nX-PAYMENT-TOKEN: pt_b",
                "X-Origin-User-ID: a\r\nX-Origin-User-ID: a",
                "Authorization: Basic YTpi",
                "Authorization: Bearer",
                "Authorization: rok_x",
                "X-A: b\u0000c",
                "X-A: b\u0001c",
                "X-A: b\u007fc",
                "X\u0000A: b",
                "X A: b",
                "X-A\u0001: b",
                ": b",
                "no colon",
                "X-A: b\rX-B: c",
                "X-A : b",
                "Host: other",
                "Transfer-Encoding: gzip",
                "Content-Length: x",
                "Content-Length: -1",
                "Content-Length: 1",
                "Expect: 100-continue\r\nContent-Length: x",
                "X-Long: " + "l".repeat(MAX_HEADER_BYTES + random.nextInt(20_000)),
                "l".repeat(MAX_HEADER_BYTES) + ": x",
                "X-Many: 1234567890\r\n".repeat(MAX_HEADER_BYTES / 15) + "X-Last: 1"));
        String head = HEAD + header + "\r\nContent-Length: " + GOOD.length() + "\r\n\r\n";
        return new Bad("header " + header, false, false, (head + GOOD).getBytes(StandardCharsets.ISO_8859_1));
    }

    private Bad badPath() {
        String path = pick(List.of(
                "/..%2f..%2fetc%2fpasswd/chat/completions",
                "/assistant%2fchat%2fcompletions",
                "/%2e%2e/chat/completions",
                "/../../etc/passwd",
                "/./x/./chat/completions",
                "/assistant/../../x/chat/completions",
                "/a%00b/chat/completions",
                "/a\u0000b/chat/completions",
                "/%/chat/completions",
                "/%zz/chat/completions",
                "/%c0%af/chat/completions",
                "/%ff/chat/completions",
                "/%0d%0aSet-Cookie:%20a=b/chat/completions",
                "/%ed%a0%80/chat/completions",
                "/\u00c3\u00a4/chat/completions",
                "/%C3%A4/chat/completions",
                "/" + "a".repeat(65) + "/chat/completions",
                "/" + "a".repeat(5_000) + "/chat/completions",
                "/" + "a/".repeat(2_000),
                "/" + "/".repeat(2_000) + "x",
                "/" + "l".repeat(MAX_HEADER_BYTES + 1),
                "//chat/completions//x",
                "/nobody/chat/completions",
                "/nobody/chat/completions?model=assistant",
                "/health/chat/completions",
                "/q/chat/completions",
                "/stats/chat/completions",
                "/.git/config",
                "/application.properties",
                "/ai/robutler/Application.class",
                "/WEB-INF/web.xml",
                "/a b/chat/completions",
                "/{agent}/chat/completions",
                "/$%7Bbody%7D/chat/completions",
                "/%24%7Bjndi:x%7D/chat/completions",
                "/:agent/chat/completions",
                "/*",
                "*",
                "chat/completions",
                "",
                "ftp://x/y",
                "http://",
                "?a",
                "#",
                "/assistant;a=b/chat/completions",
                "/assistant\\chat\\completions",
                "/agents",
                "/" + randomName()));
        String method = pick(List.of("POST", "POST", "PUT", "DELETE", "PATCH"));
        String head = method + " " + path + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";
        String text = head + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD;
        return new Bad("path " + method + " " + path, false, false, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Bad badMethod() {
        String method = pick(List.of(
                "PUT",
                "DELETE",
                "PATCH",
                "TRACE",
                "CONNECT",
                "FOO",
                "post",
                "Post",
                "PROPFIND",
                "QUERY",
                "G\u0000T",
                "M".repeat(1_000),
                "M".repeat(MAX_HEADER_BYTES + 1),
                "(POST)",
                "PO,ST",
                "P\u00c3ST",
                "\u0001",
                "PRI"));
        String text = method + " " + CHAT + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + GOOD.length() + "\r\n\r\n" + GOOD;
        return new Bad("method " + method, false, false, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Bad badSize() {
        String type = HEAD + "Content-Type: application/json\r\n";
        int over = MAX_BODY_BYTES + 1 + random.nextInt(MAX_BODY_BYTES);
        String large = content("\"" + "l".repeat(over) + "\"");
        return switch (random.nextInt(6)) {
            case 0 -> text("declared too large", false, type + "Content-Length: " + over + "\r\n\r\n");
            case 1 -> text("sent too large", false, type + "Content-Length: " + large.length() + "\r\n\r\n" + large);
            case 2 -> text("chunked too large", false, type + "Transfer-Encoding: chunked\r\n\r\n" + chunks(large));
            case 3 ->
                text(
                        "expects, too large",
                        false,
                        type + "Expect: 100-continue\r\nContent-Length: " + over + "\r\n\r\n");
            case 4 ->
                text(
                        "shorter than declared",
                        true,
                        type + "Content-Length: " + (GOOD.length() + 1) + "\r\n\r\n" + GOOD);
            default ->
                text("expects, then bad", false, type + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nwrong");
        };
    }

    private String chunks(String body) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int size = Math.min(body.length() - at, 1 + random.nextInt(60_000));
            chunks.append(Integer.toHexString(size))
                    .append("\r\n")
                    .append(body, at, at + size)
                    .append("\r\n");
            at += size;
        }
        return chunks + "0\r\n\r\n";
    }

    /** A good body with bytes changed that can only make it bad: structure is replaced by control characters. */
    private Bad mutated() {
        byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] =
                    pick(List.of(0, 1, 7, 0x1f, 0x80, 0xff, 0xc0)).byteValue();
        }
        return json(bytes, "mutated");
    }

    private Bad json(byte[] body, String name) {
        String type = pick(List.of(
                "Content-Type: application/json\r\n", "Content-Type: application/json; charset=utf-8\r\n",
                "Content-Type: text/plain\r\n", ""));
        boolean stream = random.nextInt(4) == 0;
        String head = HEAD + type + (stream ? "Accept: text/event-stream\r\n" : "") + "Content-Length: " + body.length
                + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[start.length + body.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return new Bad(name, false, false, whole);
    }

    private static Bad text(String name, boolean endsInput, String text) {
        return new Bad(name, false, endsInput, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String field(String name, String value) {
        return name.equals("messages")
                ? "{\"messages\":" + value + "}"
                : "{\"" + name + "\":" + value + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    }

    private static String content(String value) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":" + value + "}]}";
    }

    private String randomName() {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
            name.append((char) ('!' + random.nextInt(94)));
        }
        return name.toString().replace('?', 'x').replace('#', 'x') + "/chat/completions";
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
