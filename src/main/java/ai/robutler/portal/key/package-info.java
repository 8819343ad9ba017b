/** API keys: made, checked, rotated, revoked. */
@NullMarked
package ai.robutler.portal.key;

import org.jspecify.annotations.NullMarked;
