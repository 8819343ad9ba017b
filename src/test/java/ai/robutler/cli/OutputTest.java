package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables, details and CSV, down to the character. */
final class OutputTest {
    private static final List<Column> COLUMNS =
            List.of(Column.of("NAME", "name"), Column.of("ID", "id"), Column.text("DESCRIPTION", "description"));

    private final StringWriter out = new StringWriter();
    private final PrintWriter printer = new PrintWriter(out);

    private List<String> table(int width, String... records) {
        TableWriter table = new TableWriter(printer, COLUMNS, width, false);
        table.page(parse(records));
        table.end();
        return out.toString().lines().toList();
    }

    private static List<JsonNode> parse(String... records) {
        List<JsonNode> parsed = new ArrayList<>();
        for (String text : records) {
            parsed.add(Json.of(text.replace('\'', '"')));
        }
        return parsed;
    }

    @Test
    void tableWithoutTerminal_cutsNothing() {
        assertThat(table(0, "{'name':'a','id':1,'description':'" + "long ".repeat(50) + "end'}")
                        .get(1))
                .endsWith("long end");
    }

    @Test
    void tableOnTerminal_cutsTheTextsFirst() {
        List<String> lines =
                table(40, "{'name':'a-long-name','id':'0123456789','description':'a very long description'}");

        assertThat(lines.get(1))
                .isEqualTo("a-long-name  0123456789  a very long de…")
                .hasSize(40);
    }

    @Test
    void tableOnANarrowTerminal_cutsTheOthersToo() {
        assertThat(table(25, "{'name':'a-long-name','id':'0123456789','description':'a very long description'}"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(25));
    }

    @Test
    void wideCharacters_countTwice_andCombiningOnesNot() {
        List<String> lines = table(
                30, "{'name':'日本','id':'1','description':'e\u0301'}", "{'name':'abcd','id':'2','description':'x'}");

        assertThat(lines.get(1)).isEqualTo("日本  1   e\u0301");
        assertThat(lines.get(2)).isEqualTo("abcd  2   x");
        assertThat(Texts.cut("日本日本", 5)).isEqualTo("日本…");
    }

    @Test
    void valuesOfAllKinds_haveAForm() {
        assertThat(table(0, "{'name':null,'id':[1,'b'],'description':{'a':1}}").get(1))
                .isEqualTo("-     1, b  {\"a\":1}");
        assertThat(Texts.plain(Json.of("8.16e-05"))).isEqualTo("0.0000816");
        assertThat(Texts.plain(Json.of("12345678901234567890"))).isEqualTo("12345678901234567890");
    }

    @Test
    void detail_wrapsAtBlanks_andKeepsLines() {
        new DetailWriter(printer, 32)
                .write(Json.of("{\"name\":\"poet\",\"text\":\"one two three four five six seven\\nnext\"}"));

        assertThat(out.toString().lines())
                .containsExactly("name  poet", "text  one two three four five", "      six seven", "      next");
    }

    @Test
    void detail_ofAWordThatIsTooLong_isBroken() {
        new DetailWriter(printer, 26).write(Json.of("{\"name\":\"" + "x".repeat(45) + "\"}"));

        assertThat(out.toString().lines())
                .containsExactly("name  " + "x".repeat(20), "      " + "x".repeat(20), "      xxxxx");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'plain'            | plain",
                "'a,b'              | \"a,b\"",
                "'say \\\"hi\\\"'   | \"say \"\"hi\"\"\"",
                "'=1+1'             | '=1+1",
                "'+49 30'           | '+49 30",
                "'-1'               | '-1",
                "-1                 | -1",
                "'@SUM(A1)'         | '@SUM(A1)",
                "' =1'              | ' =1",
                "'=1,2'             | \"'=1,2\"",
                "true               | true",
                "['=a','b']         | \"'=a, b\"",
            })
    void csv_isQuoted_andHasNoFormula(String json, String cell) {
        CsvWriter csv = new CsvWriter(printer, List.of(Column.of("NAME", "name"), Column.of("ID", "id")));
        csv.page(parse("{'name':" + json + ",'id':1}"));
        csv.end();

        assertThat(out).hasToString("name,id\r\n" + cell.replace("\\n", "\n") + ",1\r\n");
    }

    @Test
    void csv_ofTwoLines_isQuoted_andOfNothing_isEmpty() {
        CsvWriter csv = new CsvWriter(printer, List.of(Column.of("NAME", "name"), Column.of("ID", "id")));
        csv.page(parse("{'name':'a\\nb','id':null}"));

        assertThat(out).hasToString("name,id\r\n\"a\nb\",\r\n");
    }

    @Test
    void csv_ofATabOrReturnAtTheStart_isNoFormula() {
        CsvWriter csv = new CsvWriter(printer, List.of(Column.of("NAME", "name")));
        csv.page(parse("{'name':'\\t=1'}", "{'name':'\\r=1'}"));

        assertThat(out).hasToString("name\r\n'\t=1\r\n\"'\r=1\"\r\n");
    }
}
