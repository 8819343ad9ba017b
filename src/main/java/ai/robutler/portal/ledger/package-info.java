/** Credits: accounts, transfers between them, balances. */
@NullMarked
package ai.robutler.portal.ledger;

import org.jspecify.annotations.NullMarked;
