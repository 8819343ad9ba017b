/** Users and what is theirs. */
@NullMarked
package ai.robutler.portal.user;

import org.jspecify.annotations.NullMarked;
