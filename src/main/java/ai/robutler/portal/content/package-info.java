/** Files that users keep in the portal: what is known of them in the database, their content on the disk. */
@NullMarked
package ai.robutler.portal.content;

import org.jspecify.annotations.NullMarked;
