/** The route files: checked before they are taken, replaced while requests run. */
@NullMarked
package ai.robutler.routing;

import org.jspecify.annotations.NullMarked;
