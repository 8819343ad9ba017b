package ai.robutler.portal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.robutler.support.Json;
import ai.robutler.support.RunningPortal;
import ai.robutler.support.Store;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Credits, over HTTP, on both databases. */
@ParameterizedClass
@EnumSource(Store.class)
final class CreditApiTest {
    private static final String TRANSACTIONS = "/api/user/transactions";

    private final RunningPortal portal;
    private final String user;
    private final String topUp;

    CreditApiTest(Store store) {
        portal = RunningPortal.shared(store);
        user = portal.newUserKey();
        topUp = "/api/users/"
                + portal.ok(user, "GET", "/api/user", "").at("/user/id").asText() + "/credits";
    }

    private void give(String amount) {
        portal.ok(portal.adminKey(), "POST", topUp, "{\"amount\":" + amount + "}");
    }

    private String available() {
        return portal.ok(user, "GET", "/api/user/credits", "")
                .path("availableCredits")
                .asText();
    }

    @Test
    void newUser_hasNothing() {
        JsonNode credits = portal.ok(user, "GET", "/api/user/credits", "");

        assertThat(credits.toString())
                .isEqualTo("{\"totalCredits\":0,\"usedCredits\":0,\"availableCredits\":0,\"credits\":"
                        + "{\"totalCredits\":0,\"usedCredits\":0,\"availableCredits\":0}}");
    }

    @Test
    void topUpAndUsage_areInEveryFigure() {
        JsonNode added = portal.ok(
                portal.adminKey(), "POST", topUp, "{\"amount\":\"100.25\",\"description\":\"a gift\",\"extra\":1}");
        JsonNode used = portal.ok(
                user,
                "POST",
                TRANSACTIONS,
                "{\"amount\":0.250001,\"type\":\"usage\",\"description\":\"a call\",\"source\":\"sdk\","
                        + "\"request_id\":\"req-1\",\"agentId\":\"helper\"}");

        assertThat(added.at("/transaction/type").asText()).isEqualTo("addition");
        assertThat(added.at("/transaction/amount").decimalValue()).isEqualTo(new BigDecimal("100.25"));
        assertThat(added.path("availableCredits").decimalValue()).isEqualTo(new BigDecimal("100.25"));
        JsonNode transaction = used.path("transaction");
        assertThat(used.path("success").asBoolean()).isTrue();
        assertThat(transaction.path("type").asText()).isEqualTo("usage");
        assertThat(transaction.path("amount").asText()).isEqualTo("0.250001");
        assertThat(transaction.path("description").asText()).isEqualTo("a call");
        assertThat(transaction.path("status").asText()).isEqualTo("completed");
        assertThat(transaction.path("requestId").asText()).isEqualTo("req-1");
        assertThat(transaction.path("agentId").asText()).isEqualTo("helper");

        JsonNode credits = portal.ok(user, "GET", "/api/user/credits", "");
        assertThat(credits.path("totalCredits").asText()).isEqualTo("100.25");
        assertThat(credits.path("usedCredits").asText()).isEqualTo("0.250001");
        assertThat(credits.path("availableCredits").asText()).isEqualTo("99.999999");
        JsonNode me = portal.ok(user, "GET", "/api/user", "").path("user");
        assertThat(me.path("totalCredits")).isEqualTo(credits.path("totalCredits"));
        assertThat(me.path("usedCredits")).isEqualTo(credits.path("usedCredits"));
        assertThat(me.path("availableCredits")).isEqualTo(credits.path("availableCredits"));
        JsonNode list = portal.ok(user, "GET", TRANSACTIONS, "").path("transactions");
        assertThat(list).hasSize(2);
        assertThat(list.path(0)).isEqualTo(transaction);
        assertThat(list.path(1)).isEqualTo(added.path("transaction"));
    }

    @ParameterizedTest
    @CsvSource({
        "1,            1",
        "1.5,          1.5",
        "'\"2.25\"',   2.25",
        "8.16e-05,     0.000082",
        "'\"1e2\"',    100",
        "0.0000005,    0.000001",
        "1.0000004,    1",
        "1000000000,   1000000000"
    })
    void amount_isRoundedHalfUpToSixDecimals_andToldAsANumber(String amount, String told) {
        JsonNode answer = portal.ok(portal.adminKey(), "POST", topUp, "{\"amount\":" + amount + "}");

        assertThat(answer.at("/transaction/amount").isNumber()).isTrue();
        assertThat(answer.at("/transaction/amount").decimalValue()).isEqualByComparingTo(told);
        assertThat(new BigDecimal(available())).isEqualByComparingTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                       | amount
            {"amount":0}             | amount
            {"amount":0.0000004}     | amount
            {"amount":-1}            | amount
            {"amount":"much"}        | amount
            {"amount":true}          | amount
            {"amount":[1]}           | amount
            {"amount":"NaN"}         | amount
            {"amount":1e99}          | amount
            {"amount":1000000001}    | amount
            {"amount":1,"type":"addition"} | type
            {"amount":1,"description":5}   | description
            """)
    void use_fieldThatIsWrong_is400NamesItAndMovesNothing(String body, String param) {
        give("5");

        JsonNode error = portal.refused(400, user, "POST", TRANSACTIONS, body);

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
        assertThat(available()).isEqualTo("5");
    }

    @Test
    void use_moreThanThereIs_is402WithTheFigures_andMovesNothing() {
        give("1.5");

        JsonNode error = portal.refused(402, user, "POST", TRANSACTIONS, "{\"amount\":2,\"type\":\"usage\"}");

        assertThat(error.path("code").asText()).isEqualTo("insufficient_credits");
        assertThat(error.path("details").toString()).isEqualTo("{\"available\":1.5,\"required\":2,\"shortfall\":0.5}");
        assertThat(available()).isEqualTo("1.5");
        assertThat(portal.ok(user, "GET", TRANSACTIONS, "").path("transactions"))
                .hasSize(1);
    }

    @Test
    void use_ofAUserWhoNeverHadAny_is402() {
        JsonNode error = portal.refused(402, user, "POST", TRANSACTIONS, "{\"amount\":1}");

        assertThat(error.at("/details/available").asInt()).isZero();
    }

    @Test
    void use_repeatedUnderTheSameIdempotencyKey_debitsOnce() {
        give("5");
        String body = "{\"amount\":2,\"type\":\"usage\"}";

        JsonNode first = portal.ok(user, "POST", TRANSACTIONS, body, "Idempotency-Key", "u");
        JsonNode second = portal.ok(user, "POST", TRANSACTIONS, body, "Idempotency-Key", "u");

        assertThat(second).isEqualTo(first);
        assertThat(available()).isEqualTo("3");
        portal.refused(409, user, "POST", TRANSACTIONS, "{\"amount\":3}", "Idempotency-Key", "u");
        portal.ok(user, "POST", TRANSACTIONS, body);
        assertThat(available()).isEqualTo("1");
    }

    @Test
    void use_refusedForWantOfCredits_isTriedAgainUnderItsIdempotencyKey() {
        portal.refused(402, user, "POST", TRANSACTIONS, "{\"amount\":2}", "Idempotency-Key", "u");
        give("5");

        portal.ok(user, "POST", TRANSACTIONS, "{\"amount\":2}", "Idempotency-Key", "u");

        assertThat(available()).isEqualTo("3");
    }

    @Test
    void topUp_repeatedUnderTheSameIdempotencyKey_addsOnce() {
        String key = "top up " + topUp;
        for (int i = 0; i < 3; i++) {
            portal.ok(portal.adminKey(), "POST", topUp, "{\"amount\":7}", "Idempotency-Key", key);
        }

        assertThat(available()).isEqualTo("7");
    }

    @Test
    void topUp_isForAdminsOnly_andForUsersWhoAreThere() {
        portal.refused(403, user, "POST", topUp, "{\"amount\":7}");
        portal.refused(401, "", "POST", topUp, "{\"amount\":7}");
        portal.refused(404, portal.adminKey(), "POST", "/api/users/nobody/credits", "{\"amount\":7}");
        portal.refused(400, portal.adminKey(), "POST", topUp, "{\"amount\":0}");
        assertThat(available()).isEqualTo("0");
    }

    @Test
    void use_integrationThatIsNotTheCallers_is404AndMovesNothing() {
        give("5");
        String other = portal.newUserKey();
        String foreign = portal.ok(other, "POST", "/api/user/integrations", "{\"type\":\"x\"}")
                .at("/integration/id")
                .asText();
        String own = portal.ok(user, "POST", "/api/user/integrations", "{\"type\":\"x\"}")
                .at("/integration/id")
                .asText();

        portal.refused(404, user, "POST", TRANSACTIONS, "{\"amount\":1,\"integration_id\":\"" + foreign + "\"}");
        assertThat(available()).isEqualTo("5");
        portal.ok(user, "POST", TRANSACTIONS, "{\"amount\":1,\"integration_id\":\"" + own + "\"}");
        assertThat(available()).isEqualTo("4");
    }

    @Test
    void transactions_comeInPagesByType_newestFirst() {
        for (int i = 1; i <= 3; i++) {
            give(String.valueOf(i));
            portal.ok(user, "POST", TRANSACTIONS, "{\"amount\":0." + i + "}");
        }

        JsonNode first = portal.ok(user, "GET", TRANSACTIONS + "?limit=4", "");
        String cursor = first.path("next_cursor").asText();
        JsonNode second = portal.ok(user, "GET", TRANSACTIONS + "?limit=4&cursor=" + cursor, "");

        assertThat(amounts(first)).containsExactly("0.3", "3", "0.2", "2");
        assertThat(amounts(second)).containsExactly("0.1", "1");
        assertThat(second.path("next_cursor").isNull()).isTrue();
        assertThat(amounts(portal.ok(user, "GET", TRANSACTIONS + "?limit=2&offset=3", "")))
                .containsExactly("2", "0.1");
        assertThat(amounts(portal.ok(user, "GET", TRANSACTIONS + "?type=usage&limit=2", "")))
                .containsExactly("0.3", "0.2");
        assertThat(amounts(portal.ok(user, "GET", TRANSACTIONS + "?type=addition", "")))
                .containsExactly("3", "2", "1");
        assertThat(amounts(portal.ok(user, "GET", TRANSACTIONS + "?type=refund", "")))
                .isEmpty();
    }

    private static List<String> amounts(JsonNode list) {
        List<String> amounts = new ArrayList<>();
        list.path("transactions")
                .forEach(transaction -> amounts.add(transaction.path("amount").asText()));
        return amounts;
    }

    @ParameterizedTest
    @CsvSource({
        "cursor=nonsense, cursor",
        "cursor=%2F%2F,   cursor",
        "limit=0,         limit",
        "limit=201,       limit",
        "limit=many,      limit",
        "offset=-1,       offset",
        "type=gift,       type"
    })
    void transactions_parameterThatIsWrong_is400AndNamesIt(String query, String param) {
        JsonNode error = portal.refused(400, user, "GET", TRANSACTIONS + "?" + query, "");

        assertThat(error.at("/details/param").asText()).isEqualTo(param);
    }

    @Test
    void parallelDebits_neverSpendMoreThanThereIs_andAllBalancesTogetherAreZero() {
        give("10");

        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 32)
                .mapToObj(i -> portal.gateway()
                        .client()
                        .sendAsync(debit("{\"amount\":1,\"type\":\"usage\"}"), BodyHandlers.ofString()))
                .toList();

        List<Integer> statuses =
                all.stream().map(answer -> answer.join().statusCode()).toList();
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(10);
        assertThat(statuses).filteredOn(status -> status == 402).hasSize(22);
        JsonNode credits = portal.ok(user, "GET", "/api/user/credits", "");
        assertThat(credits.path("availableCredits").asInt()).isZero();
        assertThat(credits.path("usedCredits").asInt()).isEqualTo(10);
        assertThat(portal.ok(user, "GET", TRANSACTIONS + "?type=usage", "").path("transactions"))
                .hasSize(10);
    }

    @Test
    void parallelDebits_underOneIdempotencyKey_debitOnce() {
        give("10");

        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 16)
                .mapToObj(i -> portal.gateway()
                        .client()
                        .sendAsync(debit("{\"amount\":1}", "Idempotency-Key", "race"), BodyHandlers.ofString()))
                .toList();

        assertThat(all.stream().map(answer -> Json.of(answer.join()).toString()))
                .allMatch(answer -> answer.equals(Json.of(all.get(0).join()).toString()));
        assertThat(available()).isEqualTo("9");
    }

    private HttpRequest debit(String body, String... headers) {
        return portal.gateway()
                .request(TRANSACTIONS, headers)
                .header("Authorization", "Bearer " + user)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
