/**
 * The control plane: accounts, agents, keys, credits. It knows neither the gateway nor Camel; the gateway reaches it through
 * {@link ai.robutler.api.portal.Portal} only.
 */
@NullMarked
package ai.robutler.portal;

import org.jspecify.annotations.NullMarked;
