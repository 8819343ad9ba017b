/** What operators ask: health, readiness, figures. */
@NullMarked
package ai.robutler.gateway.operations;

import org.jspecify.annotations.NullMarked;
