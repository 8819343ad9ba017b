package ai.robutler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.cli.TestHost.Result;
import ai.robutler.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that ask a running server: what they send, what they show, how they fail. */
final class ResourceCommandsTest {
    private static final String ID = "0190c7a0-1111-7111-8111-111111111111";
    private static final String AGENT = "{\"id\":\"" + ID + "\",\"name\":\"poet\",\"description\":\"Rhymes\","
            + "\"model\":\"gpt-4o-mini\",\"isPublic\":true,\"createdAt\":\"2026-01-01T00:00:00.000Z\"}";

    private final FakePortal portal = new FakePortal();

    @TempDir
    private Path folder;

    private TestHost host() {
        return new TestHost(portal.port(), folder);
    }

    private Result run(String command) {
        return host().run(command.split(" "));
    }

    @AfterEach
    void close() {
        portal.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents get poet              | GET /api/agents/poet",
                "agents get a/b?c             | GET /api/agents/a%2Fb%3Fc",
                "agents delete ID             | DELETE /api/agents/ID",
                "agents rotate-key ID         | POST /api/agents/ID/api-key",
                "agents update ID --no-public --credits-per-call 0.5 | PATCH /api/agents/ID {'isPublic':false,'creditsPerCall':0.5}",
                "agents create --name poet --intent rhymes --intent odes --public | POST /api/agents {'name':'poet','intents':['rhymes','odes'],'isPublic':true}",
                "agents search poems --mode text --min-similarity 0.5 --limit 3 | POST /api/agents/search {'query':'poems','max_results':3,'mode':'text','min_similarity':0.5}",
                "keys get ID                  | GET /api/api-keys/ID",
                "keys create --name ci --expires-in-days 90 --daily-credit-limit 5.25 --permission chat --allowed-agent poet | POST /api/api-keys {'name':'ci','permissions':['chat'],'expiresInDays':90,'dailyCreditLimit':5.25,'allowedAgents':['poet']}",
                "keys rotate ID               | POST /api/api-keys/ID/rotate {}",
                "keys rotate ID --grace 0     | POST /api/api-keys/ID/rotate {'graceSeconds':0}",
                "keys rotate ID --grace 30m   | POST /api/api-keys/ID/rotate {'graceSeconds':1800}",
                "keys revoke ID               | DELETE /api/api-keys/ID",
                "keys stats ID                | GET /api/api-keys/ID/stats",
                "users get ID                 | GET /api/users/ID",
                "users create --name Al --email al@x.org | POST /api/users {'name':'Al','email':'al@x.org'}",
                "users update ID --role admin --no-active | PATCH /api/users/ID {'role':'admin','active':false}",
                "intents list --agent A       | POST /api/intents/list?limit=50 {'agent_id':'A'}",
                "intents publish --agent A --agent-url http://a writes sings | POST /api/intents/publish {'intents':[{'intent':'writes','agent_id':'A','url':'http://a'},{'intent':'sings','agent_id':'A','url':'http://a'}]}",
                "intents search poem --mode semantic --limit 2 | POST /api/intents/search {'intent':'poem','top_k':2,'search_type':'vector'}",
                "intents delete ID            | POST /api/intents/delete {'intent_id':'ID'}",
                "content get ID               | GET /api/content/ID",
                "content delete ID            | DELETE /api/content/ID",
                "agents list                  | GET /api/agents?limit=50",
                "keys list --limit 7          | GET /api/api-keys?limit=7",
                "users list --all             | GET /api/users?limit=200",
                "content list --visibility public --tag a --tag b | GET /api/content?visibility=public&tags=a%2Cb&limit=50",
            })
    void command_asksThePortal(String command, String request) {
        portal.answer(200, "{\"success\":true}");

        Result result = run(command.replace("ID", ID));

        assertThat(result.err()).doesNotContain("robutler:");
        assertThat(result.exitCode()).isZero();
        assertThat(portal.last()).hasToString(request.replace("ID", ID).replace('\'', '"'));
    }

    @Test
    void update_byName_asksForTheIdFirst() {
        portal.answer(200, "{\"agent\":" + AGENT + "}").answer(200, "{\"agent\":" + AGENT + "}");

        assertThat(run("agents update poet --model m").exitCode()).isZero();

        assertThat(portal.requests())
                .extracting(Object::toString)
                .containsExactly("GET /api/agents/poet", "PATCH /api/agents/" + ID + " {\"model\":\"m\"}");
    }

    @Test
    void fileGivesTheFields_andOptionsOverrideThem() throws IOException {
        Path yaml = Files.writeString(folder.resolve("a.yaml"), "name: one\nskills: {x: 1}\n");
        Path json = Files.writeString(folder.resolve("a.json"), "{\n\t\"name\": \"two\"}");
        portal.answer(200, "{}").answer(200, "{}").answer(200, "{}");

        host().run("agents", "create", "-f", yaml.toString(), "--name", "poet");
        host().run("agents", "create", "-f", json.toString());
        host().typing("name: three").run("agents", "create", "-f", "-");

        assertThat(portal.requests())
                .extracting(FakePortal.Request::body)
                .containsExactly(
                        "{\"name\":\"poet\",\"skills\":{\"x\":1}}", "{\"name\":\"two\"}", "{\"name\":\"three\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"name: [     | a.yaml:1", "a: 1\\nb c: {  | a.yaml:2", "- a          | must hold a map of fields"})
    void fileThatIsBroken_is1_withItsLine(String text, String told) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), text.replace("\\n", "\n") + "\n");

        Result result = host().run("agents", "create", "-f", file.toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains(told).hasLineCount(1);
        assertThat(portal.requests()).isEmpty();
    }

    @Test
    void list_isATable_orJson_orCsv() {
        String answer = "{\"agents\":[" + AGENT + "]}";
        portal.answer(200, answer).answer(200, answer).answer(200, answer);

        assertThat(run("agents list").lines())
                .containsExactly(
                        "NAME  ID                                    MODEL        PUBLIC  DESCRIPTION  CREATED",
                        "poet  " + ID + "  gpt-4o-mini  yes     Rhymes       2026-01-01T00:00:00.000Z");
        assertThat(Json.of(run("agents list -o json").out()).get(0)).isEqualTo(Json.of(AGENT));
        assertThat(run("agents list -o csv").out())
                .isEqualTo("name,id,model,isPublic,description,createdAt\r\npoet," + ID
                        + ",gpt-4o-mini,true,Rhymes,2026-01-01T00:00:00.000Z\r\n");
    }

    @Test
    void emptyList_isToldInEachForm() {
        portal.answer(200, "{\"agents\":[]}").answer(200, "{\"agents\":[]}").answer(200, "{\"agents\":[]}");

        assertThat(run("agents list").out()).isEqualTo("none\n");
        assertThat(run("agents list -o json").out()).isEqualTo("[]\n");
        assertThat(run("agents list -o csv").out()).isEqualTo("name,id,model,isPublic,description,createdAt\r\n");
    }

    @Test
    void all_followsEveryCursor() {
        portal.answer(200, page(200, 0, "\"c1\""))
                .answer(200, page(200, 200, "\"c 2\""))
                .answer(200, page(5, 400, "null"));

        Result result = run("agents list --all -o json");

        assertThat(Json.of(result.out())).hasSize(405);
        assertThat(Json.of(result.out()).get(404).path("name").asText()).isEqualTo("agent404");
        assertThat(portal.requests())
                .extracting(FakePortal.Request::uri)
                .containsExactly(
                        "/api/agents?limit=200",
                        "/api/agents?limit=200&cursor=c1",
                        "/api/agents?limit=200&cursor=c%202");
    }

    @Test
    void limit_endsInTheMiddleOfAPage_andSaysThatThereIsMore() {
        portal.answer(200, page(200, 0, "\"c1\"")).answer(200, page(50, 200, "\"c2\""));

        Result result = run("agents list --limit 250");

        assertThat(result.lines()).hasSize(251);
        assertThat(result.err()).isEqualTo("250 shown, there are more; see them with --limit or --all\n");
        assertThat(portal.last().uri()).isEqualTo("/api/agents?limit=50&cursor=c1");
    }

    @Test
    void cursorThatRepeats_endsTheList() {
        portal.answer(200, page(1, 0, "\"c\"")).answer(200, page(1, 1, "\"c\""));

        assertThat(Json.of(run("agents list --all -o json").out())).hasSize(2);
    }

    @Test
    void brokenLaterPage_is4_behindWhatCame() {
        portal.answer(200, page(200, 0, "\"c1\"")).answer(503, "{\"error\":\"busy\"}", "Retry-After", "7");

        Result result = run("agents list --all");

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(result.lines()).hasSize(201);
        assertThat(result.err()).contains("busy", "in 7 s").hasLineCount(1);
    }

    private static String page(int records, int from, String cursor) {
        return IntStream.range(from, from + records)
                .mapToObj(i -> "{\"name\":\"agent" + i + "\"}")
                .collect(Collectors.joining(",", "{\"agents\":[", "],\"next_cursor\":" + cursor + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | 3 | the reason",
                "401 | 3 | ROBUTLER_API_KEY",
                "402 | 3 | credits",
                "403 | 3 | admin",
                "404 | 3 | list what there is",
                "409 | 3 | choose another name",
                "413 | 3 | the reason",
                "429 | 3 | in 9 s",
                "500 | 4 | try again",
                "503 | 4 | in 9 s",
                "302 | 4 | check --url",
            })
    void refusal_isAnExitStatusAndOneLine(int status, int exitCode, String told) {
        portal.answer(
                status,
                "{\"error\":\"the reason\",\"message\":\"the reason\",\"code\":\"x\",\"status\":" + status + "}",
                "Retry-After",
                "9",
                "Location",
                "http://localhost:1/");

        Result result = run("agents get poet");

        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err()).contains(told).hasLineCount(1);
        assertThat(result.out()).isEmpty();
        assertThat(portal.requests()).hasSize(1);
    }

    @Test
    void serverThatIsNoPortal_is4() {
        portal.answer(200, "<html>").answer(200, "[1]");

        for (int i = 0; i < 2; i++) {
            Result result = run("agents get poet");
            assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(result.err()).contains("check --url").hasLineCount(1);
        }
    }

    @Test
    void gatewaysOwnErrors_areUnderstoodToo() {
        portal.answer(429, "{\"error\":{\"message\":\"Too many\\nrequests\",\"code\":\"too_many_requests\"}}");

        assertThat(run("agents get poet").err())
                .contains("(429): Too many requests;")
                .hasLineCount(1);
    }

    @Test
    void newKey_isShownOnce_inEachForm() {
        String answer = "{\"key\":{\"id\":\"k1\",\"name\":\"ci\"},\"rawKey\":\"rok_new_key\",\"id\":\"k1\"}";
        portal.answer(200, answer).answer(200, answer);

        Result table = run("keys create --name ci");
        assertThat(table.lines()).containsExactly("id      k1", "name    ci", "rawKey  rok_new_key");
        assertThat(table.err()).isEqualTo("Keep rawKey now: it is not told again.\n");
        assertThat(Json.of(run("keys create --name ci -o json").out())
                        .path("rawKey")
                        .asText())
                .isEqualTo("rok_new_key");
    }

    @Test
    void intentsThatWereNotTaken_are3() {
        portal.answer(
                200,
                "{\"results\":[{\"intent_id\":\"1\",\"intent\":\"a\",\"success\":true},{\"intent\":\"b\",\"success\":false}]}");

        Result result = run("intents publish --agent A a b");

        assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.lines()).hasSize(3);
    }

    @Test
    void limit_holdsWhereThePortalTellsMore() {
        portal.answer(200, page(3, 0, "null"));

        Result result = run("agents list --limit 2");

        assertThat(result.lines()).hasSize(3);
        assertThat(result.err()).startsWith("2 shown, there are more");
    }

    @Test
    void whatOthersWrote_doesNotMoveTheCursor() {
        portal.answer(200, "{\"agents\":[{\"name\":\"\\u001b[2Jx\\u009b\",\"description\":\"a\\r\\nb\\u202e\"}]}");

        String out = run("agents list").out();

        assertThat(out).hasLineCount(2).contains("\uFFFD[2Jx\uFFFD").contains("a b\uFFFD");
        assertThat(out.chars()
                        .filter(Character::isISOControl)
                        .boxed()
                        .distinct()
                        .collect(Collectors.toList()))
                .isEqualTo(List.of((int) '\n'));
    }
}
