/** The portal's database: SQLite in a file or PostgreSQL, with the same statements on both. */
@NullMarked
package ai.robutler.portal.store;

import org.jspecify.annotations.NullMarked;
