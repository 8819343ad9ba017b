package ai.robutler.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenCounterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final TokenCounter counter = new TokenCounter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                          | 0
                    hello                       | 1
                    Hello, world!               | 4
                    tiktoken is great!          | 6
                    '   '                       | 1
                    """)
    void ofText_isWhatTiktokenCounts(String text, long tokens) {
        assertThat(counter.ofText(text)).isEqualTo(tokens);
    }

    @Test
    void ofText_specialTokensCountAsTheirCharacters() {
        assertThat(counter.ofText("<|endoftext|>")).isEqualTo(7);
    }

    @Test
    void ofText_longProseCountsAsItsSentences() {
        String sentence = " The quick brown fox jumps over the lazy dog.";
        assertThat(counter.ofText(sentence.repeat(2_000))).isEqualTo(2_000 * counter.ofText(sentence));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "aB", " ", "\n", " \n", "0", "_", "\u0301", "漢", "😀", "\ud83d", "'s", "ʰ"})
    void ofText_longRunsWithoutWordsAreCounted(String unit) {
        String text = unit.repeat(200_000 / unit.length());
        assertThat(counter.ofText(text)).isBetween(1L, 4L * text.length());
    }

    @Test
    void ofText_cutsNoCharacterInTwo() {
        long pairs = counter.ofText("x" + "😀".repeat(10_000));
        long one = counter.ofText("😀");
        assertThat(pairs).isBetween(10_000L * one, 10_000L * one + 1);
    }

    @Test
    void ofChat_addsThreeForEachMessageAndThreeForTheAnswer() {
        assertThat(counter.ofChat(json("{'messages':[{'role':'user','content':'hello'}]}")))
                .isEqualTo(3 + 3 + 1 + 1);
    }

    @Test
    void ofChat_namesCostOneMore() {
        assertThat(counter.ofChat(json("{'messages':[{'role':'user','name':'bob','content':'hello'}]}")))
                .isEqualTo(3 + 3 + 1 + 1 + 1 + counter.ofText("bob"));
    }

    @Test
    void ofChat_countsTextPartsOnly() {
        assertThat(counter.ofChat(json("{'messages':[{'role':'user','content':[{'type':'text','text':'hello'},"
                        + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAAAAAAAAAA'}}]}]}")))
                .isEqualTo(3 + 3 + 1 + 1);
    }

    @Test
    void ofChat_countsToolsAndToolCalls() {
        long plain = counter.ofChat(json("{'messages':[{'role':'assistant','content':null}]}"));
        assertThat(counter.ofChat(
                        json("{'messages':[{'role':'assistant','content':null,'tool_calls':[{'id':'c','function':"
                                + "{'name':'get_weather','arguments':'{}'}}]}]}")))
                .isGreaterThan(plain);
        assertThat(counter.ofChat(json("{'messages':[{'role':'assistant','content':null}],'tools':[{'type':'function',"
                        + "'function':{'name':'get_weather','description':'Weather of a city','parameters':"
                        + "{'type':'object','properties':{'city':{'type':'string','enum':['Rome','Oslo']}}}}}]}")))
                .isBetween(plain + 20, plain + 50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "[]",
                "'text'",
                "{'messages':7}",
                "{'messages':[null,1,'x',[],{}]}",
                "{'messages':[{'role':7,'content':{'type':'text'},'name':[],'tool_calls':3}]}",
                "{'messages':[{'role':'user','content':[null,1,{'type':'text'},{'type':'text','text':3}]}]}",
                "{'messages':[],'tools':[null,3,{'function':5},{'function':{'parameters':[]}}]}",
                "{'messages':[],'tools':[{'function':{'parameters':{'properties':[1],'enum':3,'items':[]}}}]}",
            })
    void ofChat_oddInputCountsAsLittle(String request) {
        assertThat(counter.ofChat(json(request))).isBetween(3L, 60L);
    }

    @Test
    void ofChat_noRequestIsTheAnswersOverhead() {
        assertThat(counter.ofChat(MissingNode.getInstance())).isEqualTo(3);
        assertThat(counter.ofChat(NullNode.getInstance())).isEqualTo(3);
    }

    private static JsonNode json(String singleQuoted) {
        try {
            return JSON.readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
