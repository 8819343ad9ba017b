/** What each answer took, and the gateway's meters. */
@NullMarked
package ai.robutler.gateway.usage;

import org.jspecify.annotations.NullMarked;
