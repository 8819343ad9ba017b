/** Tests of intents and of the search for agents. */
@NullMarked
package ai.robutler.portal.intent;

import org.jspecify.annotations.NullMarked;
