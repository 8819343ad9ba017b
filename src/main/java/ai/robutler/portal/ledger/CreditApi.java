package ai.robutler.portal.ledger;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.api.portal.KeyOwner;
import ai.robutler.portal.Fields;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import ai.robutler.portal.PortalRequest;
import ai.robutler.portal.Times;
import ai.robutler.portal.key.KeyUseRepository;
import ai.robutler.portal.store.Database;
import ai.robutler.portal.store.FirstAnswers;
import ai.robutler.portal.user.IntegrationRepository;
import ai.robutler.portal.user.UserRepository;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The {@code creditApi} bean: what users have, get and use. */
public final class CreditApi {
    private static final int MOST_TEXT = 1000;
    private static final int MOST_ID = 128;
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Database database;
    private final Ledger ledger;
    private final Tables tables;
    private final FirstAnswers firstAnswers;
    private final Clock clock;

    /**
     * What transfers point at.
     *
     * @param users who has accounts
     * @param integrations what usage may be for
     * @param uses what was spent with each key
     */
    public record Tables(UserRepository users, IntegrationRepository integrations, KeyUseRepository uses) {}

    /** Credits of this database. */
    public CreditApi(Database database, Ledger ledger, Tables tables, FirstAnswers firstAnswers, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.tables = tables;
        this.firstAnswers = firstAnswers;
        this.clock = clock;
    }

    /** {@code GET /api/user/credits}. */
    public ObjectNode credits(PortalRequest request) {
        String user = request.userId();
        Balance balance = database.read(handle -> ledger.balance(handle, user));
        ObjectNode answer = Json.object();
        balance.write(answer);
        balance.write(answer.putObject("credits"));
        return answer;
    }

    /** {@code GET /api/user/transactions}, all or those of one {@code type}. */
    public ObjectNode transactions(PortalRequest request) {
        String user = request.userId();
        Optional<Transfer.Kind> kind = request.query("type").map(CreditApi::kind);
        Page page = Page.of(request);
        ObjectNode answer = Json.object();
        page.write(
                answer,
                "transactions",
                database.read(handle -> ledger.page(handle, user, kind, page)),
                CreditApi::json,
                Transfer::id);
        return answer;
    }

    private static Transfer.Kind kind(String text) {
        return Arrays.stream(Transfer.Kind.values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        ApiException.inField("type", "The parameter 'type' takes addition, usage, transfer or refund"));
    }

    /** {@code POST /api/user/transactions}: records usage of the caller's and debits it. Fails with 402. */
    public ObjectNode use(PortalRequest request) {
        Fields fields = request.fields();
        KeyOwner owner = request.owner();
        if (!fields.text("type", MOST_ID).orElse("usage").equals("usage")) {
            throw ApiException.inField("type", "The field 'type' must be usage: nothing else can be recorded here");
        }
        Transfer transfer = Transfer.create(
                Ledger.accountOf(owner.userId()),
                Ledger.ISSUANCE,
                amount(fields),
                Transfer.Kind.USAGE,
                new Transfer.Note(
                        fields.text("description", MOST_TEXT),
                        fields.text("source", MOST_TEXT),
                        fields.text("integrationId", MOST_ID),
                        Optional.of(fields.text("requestId", MOST_ID).orElse(request.requestId())),
                        fields.text("agentId", MOST_ID).or(owner::agentId),
                        Optional.of(owner.keyId())),
                clock.millis());
        return firstAnswers.once(request, handle -> {
            requireIntegration(handle, transfer, owner.userId());
            ledger.post(handle, transfer);
            tables.uses()
                    .add(
                            handle,
                            owner.keyId(),
                            Math.floorDiv(transfer.createdAt(), DAY),
                            new KeyUseRepository.Sum(0, 0, transfer.amount()));
            return answer(transfer);
        });
    }

    private void requireIntegration(Handle handle, Transfer transfer, String userId) {
        transfer.note().integrationId().ifPresent(id -> {
            if (tables.integrations().find(handle, userId, id).isEmpty()) {
                throw ApiException.of(ErrorCode.NOT_FOUND, "There is no such integration")
                        .withDetail("param", "integration_id");
            }
        });
    }

    /** {@code POST /api/users/{id}/credits}, for admins. */
    public ObjectNode add(PortalRequest request) {
        Fields fields = request.fields();
        String user = request.pathParameter("id");
        Optional<String> none = Optional.empty();
        Transfer transfer = Transfer.create(
                Ledger.ISSUANCE,
                Ledger.accountOf(user),
                amount(fields),
                Transfer.Kind.ADDITION,
                new Transfer.Note(
                        fields.text("description", MOST_TEXT),
                        none,
                        none,
                        Optional.of(request.requestId()),
                        none,
                        Optional.of(request.owner().keyId())),
                clock.millis());
        return firstAnswers.once(request, handle -> {
            if (tables.users().find(handle, user).isEmpty()) {
                throw ApiException.of(ErrorCode.NOT_FOUND, "There is no such user");
            }
            ledger.open(handle, user);
            ledger.post(handle, transfer);
            ObjectNode answer = answer(transfer);
            ledger.balance(handle, user).write(answer);
            return answer;
        });
    }

    private static long amount(Fields fields) {
        long amount = fields.millionths("amount")
                .orElseThrow(() -> ApiException.inField(
                        "amount", "The field 'amount' is missing; it takes credits, such as 12.5"));
        if (amount == 0) {
            throw ApiException.inField("amount", "The field 'amount' must be at least 0.000001");
        }
        return amount;
    }

    private static ObjectNode answer(Transfer transfer) {
        ObjectNode answer = Json.object();
        answer.set("transaction", json(transfer));
        return answer.put("success", true);
    }

    private static ObjectNode json(Transfer transfer) {
        ObjectNode json = Json.object();
        json.put("id", transfer.id());
        json.put("type", transfer.kind().text());
        json.put("amount", Json.credits(transfer.amount()));
        json.put("description", transfer.note().description().orElse(null));
        json.put("createdAt", Times.text(transfer.createdAt()));
        json.put("status", "completed");
        json.put("requestId", transfer.note().requestId().orElse(null));
        json.put("agentId", transfer.note().agentId().orElse(null));
        return json;
    }
}
