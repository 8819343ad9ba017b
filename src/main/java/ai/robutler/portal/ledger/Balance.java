package ai.robutler.portal.ledger;

import ai.robutler.portal.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an account holds, in millionths of a credit.
 *
 * @param received all that was ever credited to it
 * @param spent all that was ever debited from it
 */
public record Balance(long received, long spent) {
    /** Of an account that never moved anything. */
    public static final Balance NONE = new Balance(0, 0);

    /** What can be spent now. */
    public long available() {
        return received - spent;
    }

    /** Puts {@code totalCredits}, {@code usedCredits} and {@code availableCredits} into the answer. */
    public void write(ObjectNode answer) {
        answer.put("totalCredits", Json.credits(received));
        answer.put("usedCredits", Json.credits(spent));
        answer.put("availableCredits", Json.credits(available()));
    }
}
