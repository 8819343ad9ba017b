/** Intents: sentences that say what an agent can do, and the search for agents by what they mean. */
@NullMarked
package ai.robutler.portal.intent;

import org.jspecify.annotations.NullMarked;
