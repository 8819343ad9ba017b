package ai.robutler.gateway.model.demo;

import static ai.robutler.gateway.model.demo.ChatRequests.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolArgumentsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'type':'string'}                                | weather in New York today   | 'New York'
                    {'type':'string'}                                | look up “deep sea” in Rome  | 'deep sea'
                    {'type':'string'}                                | value: Oslo, please         | 'Oslo'
                    {'type':'string'}                                | say hello                   | 'say hello'
                    {'type':'string','default':'all'}                | say hello                   | 'all'
                    {'type':'string','maxLength':3}                  | say hello                   | 'say'
                    {'type':'string','minLength':12}                 | say hello                   | 'say hello---'
                    {'type':'string','format':'email'}               | write to a.b@c.example now  | 'a.b@c.example'
                    {'type':'string','format':'email'}               | write to Bob                | 'someone@example.com'
                    {'type':'string','format':'date'}                | on 2026-03-04 at noon       | '2026-03-04'
                    {'type':'string','format':'uri'}                 | read https://x.example/a?b  | 'https://x.example/a?b'
                    {}                                               | say hello                   | 'say hello'
                    {'type':['null','integer']}                      | take 7                      | 7
                    {'type':'integer'}                               | take 2.5 or 7               | 7
                    {'type':'integer'}                               | take some                   | 0
                    {'type':'integer','minimum':3}                   | take 1                      | 3
                    {'type':'integer','maximum':10}                  | take 99                     | 10
                    {'type':'integer','minimum':0.5}                 | take some                   | 1
                    {'type':'integer','default':4}                   | take some                   | 4
                    {'type':'number'}                                | take -2.5                   | -2.5
                    {'type':'boolean'}                               | yes, do it                  | true
                    {'type':'boolean'}                               | do not                      | false
                    {'type':'boolean','default':true}                | go ahead                    | true
                    {'type':'boolean'}                               | go ahead                    | false
                    {'enum':['celsius','fahrenheit']}                | in Fahrenheit               | 'fahrenheit'
                    {'enum':['celsius','fahrenheit']}                | whatever                    | 'celsius'
                    {'enum':['a','b'],'default':'b'}                 | whatever                    | 'b'
                    {'type':'integer','enum':[10,20]}                | take 20                     | 20
                    {'const':'x'}                                    | whatever                    | 'x'
                    {'type':'null'}                                  | whatever                    | null
                    {'type':'array','items':{'type':'integer'},'minItems':2} | add 3 and 4         | [3,4]
                    {'type':'array'}                                 | say hello                   | ['say hello']
                    {'anyOf':[{'type':'null'},{'type':'integer'}]}   | take 7                      | 7
                    {'$ref':'#/$defs/n'}                             | take 7                      | 7
                    {'$ref':'#/$defs/nowhere'}                       | say hello                   | 'say hello'
                    {'type':'object','required':['n'],'properties':{'n':{'type':'integer'}}} | take 7 | {'n':7}
                    """)
    void fill_requiredParameterGetsAValueOfItsType(String schema, String message, String expected) {
        var parameters = json("{'type':'object','required':['value'],'$defs':{'n':{'type':'integer'}},"
                + "'properties':{'value':" + schema + "}}");
        assertThat(ToolArguments.fill(parameters, message).get("value").toString())
                .isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void fill_numbersAreUsedInOrder() {
        var parameters = json("{'required':['a','b'],'properties':{'a':{'type':'integer'},'b':{'type':'number'}}}");
        assertThat(ToolArguments.fill(parameters, "add 2 and 3.5").toString()).isEqualTo("{\"a\":2,\"b\":3.5}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[]",
                "7",
                "{'type':'object','properties':{'a':{'type':'string'}}}",
                "{'required':'a'}",
            })
    void fill_nothingRequiredIsAnEmptyObject(String parameters) {
        assertThat(ToolArguments.fill(json(parameters), "take 7")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'required':['a','b','c','d','e'],'properties':{'a':{'$ref':'#/'},'b':{'type':'array','minItems':99}}}",
                "{'$ref':'#/x','x':{'$ref':'#/x'}}",
                "{'required':['a'],'properties':{'a':{'$ref':'#/properties/a'}}}",
                "{'required':['a'],'properties':{'a':{'type':'array','minItems':16,'items':{'$ref':'#/properties/a'}}}}",
                "{'required':['a'],'properties':{'a':{'type':'string','minLength':2147483647}}}",
                "{'required':['a'],'properties':{'a':{'type':'string','maxLength':-1}}}",
                "{'required':['a'],'properties':{'a':{'type':'integer','minimum':1e300}}}",
                "{'required':['a'],'properties':{'a':{'type':'number','minimum':1e999,'maximum':-1e999}}}",
                "{'required':[3,null,{}],'properties':[]}",
            })
    void fill_hostileSchemaStaysSmall(String parameters) {
        assertThat(ToolArguments.fill(json(parameters), "take 7").toString()).hasSizeLessThan(30_000);
    }
}
