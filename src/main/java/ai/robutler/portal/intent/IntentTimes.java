package ai.robutler.portal.intent;

import java.util.OptionalLong;

/**
 * When what happened to an intent, in milliseconds since 1970.
 *
 * @param createdAt when it was first published
 * @param updatedAt when it was last published
 * @param expiresAt when it stops showing; empty for an entry of its agent's own list
 */
record IntentTimes(long createdAt, long updatedAt, OptionalLong expiresAt) {}
