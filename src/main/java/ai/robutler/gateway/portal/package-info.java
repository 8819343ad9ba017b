/** What the gateway asks the portal, and what it remembers of the answers. */
@NullMarked
package ai.robutler.gateway.portal;

import org.jspecify.annotations.NullMarked;
