/** The registry of dynamic agents. */
@NullMarked
package ai.robutler.portal.agent;

import org.jspecify.annotations.NullMarked;
