/** Tests of the search by meaning. */
@NullMarked
package ai.robutler.portal.search;

import org.jspecify.annotations.NullMarked;
