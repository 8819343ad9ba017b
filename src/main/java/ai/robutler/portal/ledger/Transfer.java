package ai.robutler.portal.ledger;

import ai.robutler.portal.Ids;
import java.util.Locale;
import java.util.Optional;

/**
 * Credits that go from one account to another; never changed, never deleted.
 *
 * @param id UUIDv7
 * @param debitAccount where they come from
 * @param creditAccount where they go to, another one
 * @param amount how many, in millionths; more than zero
 * @param kind why
 * @param note what is known about it
 * @param createdAt milliseconds since 1970
 */
public record Transfer(
        String id, String debitAccount, String creditAccount, long amount, Kind kind, Note note, long createdAt) {

    /** Refuses what no transfer can be. */
    public Transfer {
        if (amount <= 0 || debitAccount.equals(creditAccount)) {
            throw new IllegalArgumentException("a transfer moves more than nothing, from one account to another");
        }
    }

    /** Why credits move. */
    public enum Kind {
        /** They were given to a user. */
        ADDITION,
        /** They were used up. */
        USAGE,
        /** A user gave them to another. */
        TRANSFER,
        /** They were given back. */
        REFUND;

        /** As it is written in requests, answers and tables. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is known about a transfer.
     *
     * @param description for people
     * @param source what asked for it
     * @param integrationId the integration that it was for
     * @param requestId the request that it was for
     * @param agentId the agent that it was for
     * @param keyId the API key that asked for it
     */
    public record Note(
            Optional<String> description,
            Optional<String> source,
            Optional<String> integrationId,
            Optional<String> requestId,
            Optional<String> agentId,
            Optional<String> keyId) {}

    /** A new transfer. */
    public static Transfer create(String from, String to, long amount, Kind kind, Note note, long now) {
        return new Transfer(Ids.next(), from, to, amount, kind, note, now);
    }
}
