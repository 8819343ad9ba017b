/** The first answer to an idempotency key, kept for its repetitions. */
@NullMarked
package ai.robutler.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
