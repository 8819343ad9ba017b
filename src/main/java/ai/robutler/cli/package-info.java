/** The command line: what an operator types, and what is shown of it. */
@NullMarked
package ai.robutler.cli;

import org.jspecify.annotations.NullMarked;
