package ai.robutler.gateway.model.demo;

import static ai.robutler.gateway.model.demo.ChatRequests.asking;
import static ai.robutler.gateway.model.demo.ChatRequests.json;
import static ai.robutler.gateway.model.demo.ChatRequests.tool;
import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.gateway.model.TokenCounter;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoModelTest {
    private static final String WEATHER =
            tool("get_weather", "{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}");
    private static final String TWO_TOOLS = "'tools':["
            + "{'type':'function','function':{'name':'listInvoices'}},"
            + "{'type':'function','function':{'name':'create_payment_token'}}]";

    private final TokenCounter counter = new TokenCounter();
    private final DemoModel model = new DemoModel(counter);

    @Test
    void answer_saysThatNoModelIsConnectedAndHowToConnectOne() {
        assertThat(text(asking("hello")).content())
                .startsWith("No language model is connected")
                .contains("OPENAI_API_KEY", "OPENAI_BASE_URL", "Ollama");
    }

    @Test
    void answer_quotesTheSentencesOfTheInstructionsThatFitBest() {
        DemoReply.Text reply = text(json("{'messages':[{'role':'system','content':'You are a baker. We open at seven."
                + " Bread costs two euros! Cakes are sweet.'},{'role':'user','content':'What do breads cost?'}]}"));
        assertThat(reply.content()).contains("> Bread costs two euros!").doesNotContain("Cakes", "seven");
    }

    @Test
    void answer_withoutInstructionsIsTheNoticeAlone() {
        assertThat(text(asking("hello")).content()).isEqualTo(DemoModel.NOTICE);
    }

    @Test
    void answer_readsContentPartsAndDeveloperMessages() {
        DemoReply.Text reply = text(json("{'messages':[{'role':'developer','content':[{'type':'text','text':"
                + "'Rain is wet. Snow is cold.'}]},{'role':'user','content':[{'type':'text','text':'and snow?'}]}]}"));
        assertThat(reply.content()).endsWith("> Snow is cold.");
    }

    @Test
    void answer_countsTokensTruly() {
        JsonNode request = asking("hello");
        DemoReply.Text reply = text(request);
        assertThat(reply.usage().promptTokens()).isEqualTo(counter.ofChat(request));
        assertThat(reply.usage().completionTokens()).isEqualTo(counter.ofText(DemoModel.NOTICE));
        assertThat(reply.usage().estimated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_tokens", "max_completion_tokens"})
    void answer_endsWithTheLastWordInTheTokenLimit(String field) {
        DemoReply.Text reply = text(asking("hello", "'" + field + "':5"));
        assertThat(reply.content()).isEqualTo("No language model is");
        assertThat(reply.finishReason()).isEqualTo("length");
        assertThat(reply.usage().completionTokens()).isEqualTo(4);
    }

    @Test
    void answer_limitThatFitsExactlyEndsByStop() {
        long whole = counter.ofText(DemoModel.NOTICE);
        assertThat(text(asking("hello", "'max_tokens':" + whole)).finishReason())
                .isEqualTo("stop");
        assertThat(text(asking("hello", "'max_tokens':" + (whole - 1))).finishReason())
                .isEqualTo("length");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'stop':' model'             | No language
                    'stop':['is','language']    | 'No '
                    'stop':['','absent']        |
                    'stop':null                 |
                    'stop':[]                   |
                    """, quoteCharacter = '`')
    void answer_endsBeforeTheFirstStopSequence(String field, String expected) {
        DemoReply.Text reply = text(asking("hello", field));
        assertThat(reply.content()).isEqualTo(expected == null ? DemoModel.NOTICE : expected.replace("'", ""));
        assertThat(reply.finishReason()).isEqualTo("stop");
    }

    @Test
    void answer_stopAtTheStartIsAnEmptyText() {
        assertThat(text(asking("hello", "'stop':'No'")).pieces()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"What is the weather in Paris?", "call get_weather for Paris", "GET_WEATHER in Paris"})
    void answer_toolThatTheMessageMentions_isCalled(String question) {
        DemoReply.ToolCall call = call(asking(question, WEATHER));
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(call.arguments()).isEqualTo("{\"city\":\"Paris\"}");
        assertThat(call.finishReason()).isEqualTo("tool_calls");
        assertThat(call.usage().completionTokens())
                .isEqualTo(counter.ofText("get_weather") + counter.ofText(call.arguments()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Show my invoice              | listInvoices
                    make me a payment token      | create_payment_token
                    use create_payment_token now | create_payment_token
                    """)
    void answer_ofSeveralToolsTheBestNamedIsCalled(String question, String tool) {
        assertThat(call(asking(question, TWO_TOOLS)).name()).isEqualTo(tool);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "what is a token?", "get me something", ""})
    void answer_messageThatNamesNoTool_isText(String question) {
        assertThat(model.answer(asking(question, TWO_TOOLS))).isInstanceOf(DemoReply.Text.class);
    }

    @Test
    void answer_toolChoiceDecides() {
        String named = "'tool_choice':{'type':'function','function':{'name':'create_payment_token'}}";
        assertThat(call(asking("hello", TWO_TOOLS, named)).name()).isEqualTo("create_payment_token");
        assertThat(call(asking("hello", TWO_TOOLS, "'tool_choice':'required'")).name())
                .isEqualTo("listInvoices");
        assertThat(model.answer(asking("weather in Paris", WEATHER, "'tool_choice':'none'")))
                .isInstanceOf(DemoReply.Text.class);
    }

    @Test
    void answer_afterAToolsResult_reportsItAndCallsNoMore() {
        DemoReply.Text reply = text(json("{'messages':[{'role':'user','content':'weather in Paris'},"
                + "{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function',"
                + "'function':{'name':'get_weather','arguments':'{}'}}]},"
                + "{'role':'tool','tool_call_id':'c1','content':'18 degrees'}],'tool_choice':'required'," + WEATHER
                + "}"));
        assertThat(reply.content())
                .startsWith("No language model is connected")
                .endsWith("The tool get_weather answered: 18 degrees");
    }

    @Test
    void answer_nextQuestionAfterAResult_isANewTurn() {
        assertThat(call(json("{'messages':[{'role':'tool','tool_call_id':'c1','content':'18 degrees'},"
                                + "{'role':'user','content':'weather in Rome'}]," + WEATHER + "}"))
                        .arguments())
                .contains("Rome");
    }

    @Test
    void answer_longToolResultIsShortenedAndCutAtTheLimit() {
        String result = "word ".repeat(2_000);
        JsonNode request = json("{'max_tokens':100,'messages':[{'role':'user','content':'x'},"
                + "{'role':'tool','tool_call_id':'c1','content':'" + result + "'}]}");
        DemoReply.Text reply = text(request);
        assertThat(reply.usage().completionTokens()).isLessThanOrEqualTo(100);
        assertThat(reply.finishReason()).isEqualTo("length");
    }

    @Test
    void answer_piecesAreTheWords() {
        DemoReply.Text reply = text(asking("hello"));
        assertThat(reply.pieces()).startsWith("No", " language", " model");
        assertThat(String.join("", reply.pieces())).isEqualTo(reply.content());
    }

    private DemoReply.Text text(JsonNode request) {
        DemoRequest.check(request);
        return (DemoReply.Text) model.answer(request);
    }

    private DemoReply.ToolCall call(JsonNode request) {
        DemoRequest.check(request);
        return (DemoReply.ToolCall) model.answer(request);
    }
}
