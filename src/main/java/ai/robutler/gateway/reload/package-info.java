/** Files that take effect without a restart. */
@NullMarked
package ai.robutler.gateway.reload;

import org.jspecify.annotations.NullMarked;
