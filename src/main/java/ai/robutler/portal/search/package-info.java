/**
 * Search over phrases by what they mean: sentence vectors computed in this process, words where there are none yet. It
 * knows no database and calls nobody.
 */
@NullMarked
package ai.robutler.portal.search;

import org.jspecify.annotations.NullMarked;
