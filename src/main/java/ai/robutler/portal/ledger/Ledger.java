package ai.robutler.portal.ledger;

import ai.robutler.api.ApiException;
import ai.robutler.api.ErrorCode;
import ai.robutler.portal.Json;
import ai.robutler.portal.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The tables {@code account} and {@code transfer}; each method works in the transaction of its handle. A balance is checked by
 * the statement that changes it, never read before: however many spend at once, nobody spends what he has not.
 */
public final class Ledger {
    /** Where credits come from and go to: the one account that may owe. */
    public static final String ISSUANCE = "issuance";

    private static final String COLUMNS = "id, debit_account, credit_account, amount, kind, description, source,"
            + " integration_id, request_id, agent_id, key_id, created_at";

    /** The account of a user. */
    public static String accountOf(String userId) {
        return "user:" + userId;
    }

    /** What the user has. */
    public Balance balance(Handle handle, String userId) {
        return find(handle, accountOf(userId)).orElse(Balance.NONE);
    }

    private static Optional<Balance> find(Handle handle, String account) {
        return handle.createQuery("SELECT received, spent FROM account WHERE id = :id")
                .bind("id", account)
                .map((row, context) -> new Balance(row.getLong("received"), row.getLong("spent")))
                .findOne();
    }

    /** Makes the user's account unless it is there. */
    public void open(Handle handle, String userId) {
        handle.createUpdate("""
                        INSERT INTO account (id, kind, owner_id, received, spent, balance)
                        VALUES (:id, 'user', :owner, 0, 0, 0) ON CONFLICT DO NOTHING""")
                .bind("id", accountOf(userId))
                .bind("owner", userId)
                .execute();
    }

    /**
     * Moves the credits. Both accounts must be there. Fails with 402 when the first has too few, and then has done nothing
     * that its transaction keeps.
     */
    public void post(Handle handle, Transfer transfer) {
        // Always in the same order, so that nobody waits in a circle; the issuance, which everybody needs, for the
        // shortest time.
        Stream.of(transfer.debitAccount(), transfer.creditAccount())
                .sorted(java.util.Comparator.comparing(ISSUANCE::equals).thenComparing(id -> (String) id))
                .forEach(account -> {
                    if (account.equals(transfer.debitAccount())) {
                        debit(handle, account, transfer.amount());
                    } else {
                        credit(handle, account, transfer.amount());
                    }
                });
        insert(handle, transfer);
    }

    private static void debit(Handle handle, String account, long amount) {
        int changed = handle.createUpdate("""
                        UPDATE account SET spent = spent + :amount, balance = balance - :amount
                        WHERE id = :id AND (kind = 'issuance' OR balance >= :amount)""")
                .bind("id", account)
                .bind("amount", amount)
                .execute();
        if (changed == 0) {
            throw insufficient(find(handle, account).map(Balance::available).orElse(0L), amount);
        }
    }

    private static void credit(Handle handle, String account, long amount) {
        int changed = handle.createUpdate("""
                        UPDATE account SET received = received + :amount, balance = balance + :amount
                        WHERE id = :id""")
                .bind("id", account)
                .bind("amount", amount)
                .execute();
        if (changed != 1) {
            throw new IllegalStateException("there is no account " + account);
        }
    }

    private static ApiException insufficient(long available, long required) {
        return ApiException.of(
                        ErrorCode.INSUFFICIENT_CREDITS,
                        "Insufficient credits. Available: " + text(available) + ", Required: " + text(required))
                .withDetail("available", amount(available))
                .withDetail("required", amount(required))
                .withDetail("shortfall", amount(required - available));
    }

    private static java.math.BigDecimal amount(long millionths) {
        return java.util.Objects.requireNonNull(Json.credits(millionths));
    }

    private static String text(long millionths) {
        return amount(millionths).toPlainString();
    }

    private static void insert(Handle handle, Transfer transfer) {
        Transfer.Note note = transfer.note();
        handle.createUpdate("INSERT INTO transfer (" + COLUMNS + ") VALUES (:id, :debit, :credit, :amount, :kind,"
                        + " :description, :source, :integration, :request, :agent, :key, :now)")
                .bind("id", transfer.id())
                .bind("debit", transfer.debitAccount())
                .bind("credit", transfer.creditAccount())
                .bind("amount", transfer.amount())
                .bind("kind", transfer.kind().text())
                .bind("description", note.description().orElse(null))
                .bind("source", note.source().orElse(null))
                .bind("integration", note.integrationId().orElse(null))
                .bind("request", note.requestId().orElse(null))
                .bind("agent", note.agentId().orElse(null))
                .bind("key", note.keyId().orElse(null))
                .bind("now", transfer.createdAt())
                .execute();
    }

    /**
     * What moved a user's credits.
     *
     * @param kind only these; empty means all
     */
    public List<Transfer> page(Handle handle, String userId, Optional<Transfer.Kind> kind, Page page) {
        String rows =
                " AND id < :before" + (kind.isPresent() ? " AND kind = :kind" : "") + " ORDER BY id DESC LIMIT :most";
        String half = "SELECT * FROM (SELECT " + COLUMNS + " FROM transfer WHERE ";
        return handle.createQuery("SELECT * FROM (" + half + "debit_account = :account" + rows + ") debits UNION ALL "
                        + half + "credit_account = :account" + rows
                        + ") credits) both_sides ORDER BY id DESC LIMIT :rows OFFSET :offset")
                .bind("account", accountOf(userId))
                .bind("before", page.before())
                .bind("kind", kind.map(Transfer.Kind::text).orElse(""))
                .bind("most", page.rows() + page.offset())
                .bind("rows", page.rows())
                .bind("offset", page.offset())
                .map(Ledger::transfer)
                .list();
    }

    private static Transfer transfer(ResultSet row, StatementContext context) throws SQLException {
        return new Transfer(
                row.getString("id"),
                row.getString("debit_account"),
                row.getString("credit_account"),
                row.getLong("amount"),
                Transfer.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                new Transfer.Note(
                        Optional.ofNullable(row.getString("description")),
                        Optional.ofNullable(row.getString("source")),
                        Optional.ofNullable(row.getString("integration_id")),
                        Optional.ofNullable(row.getString("request_id")),
                        Optional.ofNullable(row.getString("agent_id")),
                        Optional.ofNullable(row.getString("key_id"))),
                row.getLong("created_at"));
    }
}
