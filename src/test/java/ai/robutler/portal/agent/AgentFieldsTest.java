package ai.robutler.portal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent may be described as, over HTTP. */
final class AgentFieldsTest {
    private final RunningPortal portal = RunningPortal.shared(Store.SQLITE);
    private final String name = "f-" + UUID.randomUUID();

    private JsonNode refused(String json) {
        return portal.refused(400, portal.adminKey(), "POST", "/api/agents", json);
    }

    private String with(String field, String value) {
        return "{\"name\":\"" + name + "\",\"instructions\":\"x\",\"" + field + "\":" + value + "}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-a",
                "_a",
                "a b",
                "a/b",
                "a.b",
                "ä",
                "..",
                "health",
                "API",
                "openapi.json",
                "q",
                "v1",
                "static"
            })
    void name_againstTheRule_is400(String wrong) {
        JsonNode error = refused("{\"name\":\"" + wrong + "\",\"instructions\":\"x\"}");

        assertThat(error.at("/details/param").asText()).isEqualTo("name");
    }

    @Test
    void name_mayHave64Characters_andNot65() {
        String most = ("f" + UUID.randomUUID() + "x".repeat(64)).substring(0, 64);

        portal.ok(portal.adminKey(), "POST", "/api/agents", "{\"name\":\"" + most + "\",\"instructions\":\"x\"}");

        refused("{\"name\":\"" + most + "x\",\"instructions\":\"x\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | {\"instructions\":\"x\"}",
                "name | {\"name\":null,\"instructions\":\"x\"}",
                "name | {\"name\":7,\"instructions\":\"x\"}",
                "instructions | {\"name\":\"fields-1\"}",
                "instructions | {\"name\":\"fields-1\",\"instructions\":\"  \"}",
                "instructions | {\"name\":\"fields-1\",\"instructions\":[]}"
            })
    void create_withoutWhatMustBeThere_is400(String field, String json) {
        assertThat(refused(json).at("/details/param").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "description | 7",
                "model | {}",
                "intents | \"one\"",
                "intents | [7]",
                "intents | [\" \"]",
                "tools | {}",
                "tools | [\"\"]",
                "suggestedActions | [[]]",
                "suggested_actions | \"x\"",
                "skills | []",
                "skills | \"auth\"",
                "skills | {\"\":{}}",
                "isPublic | \"yes\"",
                "is_public | 1",
                "canTalkToOtherAgents | \"true\"",
                "canUseOtherAgents | 0",
                "otherAgentsCanTalk | []",
                "creditsPerToken | -1",
                "credits_per_token | \"-0.5\"",
                "creditsPerToken | \"many\"",
                "creditsPerToken | true",
                "creditsPerToken | 1e10",
                "creditsPerCall | {}",
                "minimumBalance | \"NaN\"",
                "agentPricingPercent | 1000.000001",
                "agentPricingPercent | -1",
                "avatarUrl | \"data:image/png;base64,AAAA\"",
                "avatarUrl | \"javascript:alert(1)\"",
                "avatarUrl | \"//example.org/a.png\"",
                "avatarUrl | \"/\\\\example.org/a.png\"",
                "avatarUrl | \"ftp://example.org\"",
                "avatarUrl | \"https://\"",
                "avatarUrl | \"https://a b\"",
                "greetingImageMobile | \"x\"",
                "greeting_image_desktop | \"x\"",
                "greetingMessage | 1",
                "greetingMessage | \"a\\u0000b\""
            })
    void field_ofTheWrongKind_is400NamingIt(String field, String value) {
        String param = refused(with(field, value)).at("/details/param").asText();

        assertThat(param.toLowerCase(java.util.Locale.ROOT).replace("_", ""))
                .isEqualTo(field.toLowerCase(java.util.Locale.ROOT).replace("_", ""));
    }

    @ParameterizedTest
    @CsvSource({"instructions,100000", "description,2000", "greetingMessage,2000", "model,200"})
    void text_mayBeSoLong_andNotLonger(String field, int most) {
        String json = "{\"name\":\"" + name + "\",\"" + field + "\":\"" + "x".repeat(most) + "\""
                + (field.equals("instructions") ? "" : ",\"instructions\":\"x\"") + "}";

        assertThat(refused(json.replace("\"x", "\"xx")).at("/details/param").asText())
                .isEqualTo(field.equals("instructions") ? "instructions" : field);
        portal.ok(portal.adminKey(), "POST", "/api/agents", json);
    }

    @ParameterizedTest
    @CsvSource({"intents,50", "suggestedActions,50", "tools,128"})
    void list_mayHaveSoManyEntries_andNotMore(String field, int most) {
        String entries =
                IntStream.range(0, most).mapToObj(i -> "\"e" + i + "\"").collect(Collectors.joining(","));

        refused(with(field, "[" + entries + ",\"one more\"]"));
        JsonNode made = portal.ok(portal.adminKey(), "POST", "/api/agents", with(field, "[" + entries + "]"));
        assertThat(made.path(field)).hasSize(most);
    }

    @Test
    void skills_mayHave32KiB_andNotMore() {
        String settings = "x".repeat(32 * 1024 - "{\"a\":\"\"}".length());

        refused(with("skills", "{\"a\":\"x" + settings + "\"}"));
        portal.ok(portal.adminKey(), "POST", "/api/agents", with("skills", "{\"a\":\"" + settings + "\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "8.16e-05,0.000082",
        "\"8.16e-05\",0.000082",
        "0,0",
        "\"0\",0",
        "0.0000005,0.000001",
        "0.0000004,0",
        "1000000000,1000000000",
        "15,15"
    })
    void credits_areNumbersTextsAndExponents_roundedHalfUp(String sent, String kept) {
        JsonNode made = portal.ok(portal.adminKey(), "POST", "/api/agents", with("creditsPerToken", sent));

        assertThat(made.path("creditsPerToken").decimalValue()).isEqualByComparingTo(kept);
    }

    @Test
    void field_thatIsNotKnown_isIgnored() {
        JsonNode made = portal.ok(portal.adminKey(), "POST", "/api/agents", with("api_key_encrypted", "\"secret\""));

        assertThat(made.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"name | null", "name | \"a b\"", "instructions | null", "instructions | \"\""})
    void change_takingAwayWhatMustBeThere_is400(String field, String value) {
        portal.ok(portal.adminKey(), "POST", "/api/agents", "{\"name\":\"" + name + "\",\"instructions\":\"x\"}");

        JsonNode error = portal.refused(
                400, portal.adminKey(), "PATCH", "/api/agents/" + name, "{\"" + field + "\":" + value + "}");

        assertThat(error.at("/details/param").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "{\"name\":\"a\",\"name\":\"b\"}", "{"})
    void body_thatIsNoObject_is400(String json) {
        refused(json);
    }
}
