package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonSlicesTest {

    @Test
    void members_areSeenInOrderWithTheirBytes() {
        assertThat(members(
                        " { \"a\" : 1 , \"b\":\"x\",\"c\":{\"d\":[1,{}]},\"e\":[\"]\"],\"f\":null, \"g\" :-1.5e3 } "))
                .containsExactly("a=1", "b=\"x\"", "c={\"d\":[1,{}]}", "e=[\"]\"]", "f=null", "g=-1.5e3");
    }

    @Test
    void members_stringsMayHoldQuotesBracesAndText() {
        assertThat(members("{\"a\":\"\\\"}{][\\\\\",\"b\\\"\":\"é😀\",\"c\":\"\\u007d\"}"))
                .containsExactly("a=\"\\\"}{][\\\\\"", "b\\\"=\"é😀\"", "c=\"\\u007d\"");
    }

    @Test
    void members_emptyObject_hasNone() {
        assertThat(members("{ }")).isEmpty();
    }

    @Test
    void members_deepNesting_needsNoStack() {
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        assertThat(members("{\"a\":" + deep + ",\"b\":1}")).hasSize(2).last().isEqualTo("b=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "null",
                "\"text\"",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{a:1}",
                "{\"a\":\"x}",
                "{\"a\":[1}",
                "{\"a\":\"\\",
                "<html>"
            })
    void members_whatIsNoObject_isFalse(String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        assertThat(JsonSlices.members(json, 0, json.length, (b, nameFrom, nameTo, from, to) -> {}))
                .isFalse();
    }

    @Test
    void firstElement_findsItBehindSpace() {
        assertThat(first("[ \n{\"a\":1}]")).isEqualTo(3);
        assertThat(first("[1]")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[ ]", "{}", "null", "["})
    void firstElement_emptyOrNoArray_isMinusOne(String text) {
        assertThat(first(text)).isEqualTo(-1);
    }

    private static int first(String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        return JsonSlices.firstElement(json, 0, json.length);
    }

    private static List<String> members(String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        List<String> seen = new ArrayList<>();
        boolean object = JsonSlices.members(
                json,
                0,
                json.length,
                (b, nameFrom, nameTo, from, to) -> seen.add(slice(b, nameFrom, nameTo) + "=" + slice(b, from, to)));
        assertThat(object).isTrue();
        return seen;
    }

    private static String slice(byte[] json, int from, int to) {
        return new String(json, from, to - from, StandardCharsets.UTF_8);
    }
}
