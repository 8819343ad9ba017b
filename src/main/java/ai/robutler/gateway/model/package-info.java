/** Finding a language model, and counting the tokens that it reads and writes. */
@NullMarked
package ai.robutler.gateway.model;

import org.jspecify.annotations.NullMarked;
