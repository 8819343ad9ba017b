/** The limits of callers as steps of the pipeline. */
@NullMarked
package ai.robutler.gateway.limits;

import org.jspecify.annotations.NullMarked;
