/** The wire shapes of the portal, and the {@code Portal} boundary: all that the gateway ever asks of it. */
@NullMarked
package ai.robutler.api.portal;

import org.jspecify.annotations.NullMarked;
