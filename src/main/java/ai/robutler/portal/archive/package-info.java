/** Whole copies of the portal: its tables and its files' contents in one file that every database takes. */
@NullMarked
package ai.robutler.portal.archive;

import org.jspecify.annotations.NullMarked;
